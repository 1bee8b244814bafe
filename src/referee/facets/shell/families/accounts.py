"""Users, groups, rights, keys, and the tools that grant more of them."""

from __future__ import annotations

from typing import Final

RULES: Final = """
useradd|adduser|newusers|useradd.exe : privilege escalation persistence
userdel|deluser|groupdel|delgroup : privilege system_change delete
usermod|groupmod|gpasswd|chage|pwconv|vipw|vigr|chfn : privilege escalation
passwd [!-S|--status|-h] : privilege escalation
chpasswd|newgrp|groupadd|addgroup|sg : privilege escalation
chsh : persistence
visudo [!-c|--check] : privilege escalation
visudo : privilege
dscl|sysadminctl|dseditgroup|dsenableroot|kcpassword ... -create|-passwd|-append|-addUser|-delete|-deleteUser|-a|\
-resetPasswordFor|\
-edit|edit|create|delete|append|passwd|change|merge : escalation
dscl|sysadminctl|dseditgroup {-create|-passwd|-append|-addUser|-delete|-deleteUser|-resetPasswordFor|-newPassword|\
edit} : escalation
dsenableroot : escalation
kinit|ktutil|kadmin|kadmin.local : credential_access
setcap : privilege escalation
capsh {--gid=0|--uid=0|--} : escalation shell_escape
setfacl [-m|-M|--modify] : write
chmod ... 777|u+s|g+s|+s|ug+s|u+sx|u+xs|a+s|4???|2???|6???|04???|02???|06???|0777|1777|a+rwx|o+w|a+w|+rwx|ugo+rwx|o+rwx|\
666|0666|\
a=rwx|ugo=rwx|=rwx|u=rwxs|*+s : privilege escalation
chmod ... {000|a-rwx|0000|-rwx|ugo-rwx|a-x} : system_change
chmod|chown|chgrp|chattr [-R|--recursive] {/|/*|/etc|/etc/*|/usr|/usr/*|/var|/var/*|/bin|/sbin|/lib|/lib64|/boot|/dev|\
/home|/root|/opt|/|~|/System|\
/Library|/Users|/home/*} : privilege escalation
chown|chgrp [-R|--recursive] : privilege
chown ... root|root:*|0:0|0|:root|root:root : escalation
install {-m4*|-m=xs|=xs|-m=*s*|u+s*|4755|6755|4777|--mode=4*|--mode=u+s*|-m6*|04755|2755} : escalation
cp|mv|ln|install|rsync {/bin/sh|/bin/bash|/bin/zsh|/bin/dash|/usr/bin/sh|/usr/bin/bash|/usr/bin/zsh|\
/usr/bin/dash} : escalation
ssh-copy-id : persistence network
ssh-keygen [-y] : credential_access
ssh-keygen [-R] : system_change
ssh-keygen [-D|-M] : shell_escape
ssh-add [-d|-D] : system_change
ssh-keygen [-A] : system_change
sudo {-l|-ll|--list} : privilege
sudo [-S|--stdin] : privilege escalation
sshpass : attack_tool
sudo [-k|-K|--reset-timestamp] : privilege
sudo [-i|--login|-s|--shell] : privilege shell_escape
pkexec : privilege
sudoedit : privilege escalation
doas [-s] : privilege shell_escape
su [!-c|--command|--session-command] : privilege shell_escape
su|sudo|doas|pkexec|runuser|gosu|su-exec|sudoedit|nsenter|unshare|machinectl : privilege
unshare [-r|-U|--map-root-user|-m|--map-current-user] : escalation
machinectl shell|login : shell_escape
chroot : escalation
setpriv|setuidgid : privilege
polkit|pkaction|pkcheck : read
authconfig|pam-auth-update|authselect : escalation
realm|adcli|net join|leave|ads : system_change
auth0|okta : network
login : privilege
aws-vault exec|export|login : credential_access
""".strip()
