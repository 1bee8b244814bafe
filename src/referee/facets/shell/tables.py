"""Tables of programs: what they do, which of their words are files, which of their subcommands do harm.

Rule 1: what depends on subcommands and flags is in ``families``.
"""

from __future__ import annotations

from typing import Final


def names(text: str) -> frozenset[str]:
    """Return the words of a text as a set.

    >>> sorted(names("b a"))
    ['a', 'b']
    """
    return frozenset(text.split())


EFFECTS: Final[dict[str, str]] = {
    "delete": "rm rmdir unlink shred srm wipe trash trash-put rimraf del erase",
    "network": "curl wget nc ncat netcat socat telnet ssh scp sftp ftp tftp aria2c axel lynx w3m links http https xh httpie "
    "nslookup dig host ping ping6 traceroute nmap masscan whois mosh lftp httrack youtube-dl yt-dlp "
    "Invoke-WebRequest Invoke-RestMethod websocat curlie smbclient finger sshuttle",
    "execute": "xargs make cmake ninja eval ssh watch parallel npx bunx uvx",
    "write": "tee touch mkdir chmod chown chgrp chattr ln install truncate patch setfacl mkfifo mknod",
}
"""What a program does however it is used."""

READERS: Final = names(
    "cat tac less more head tail nl od xxd hexdump strings bat batcat sort uniq cut paste column fold rev "
    "tee base64 base32 md5sum sha256sum sha1sum cksum diff cmp comm join gzip bzip2 xz zstd zcat bzcat "
    "xzcat gunzip openssl gpg age source view vim vi nvim nano emacs code subl pr expand fmt iconv "
    "dos2unix jq yq xmllint csvcut mlr split csplit pbcopy xclip wc tsort look grep egrep fgrep rg ag ack "
    "zgrep sed awk gawk mawk perl lp lpr mail mutt"
)
PATTERN_FIRST: Final = names("grep egrep fgrep rg ag ack zgrep sed awk gawk mawk jq yq")
LISTERS: Final = names(
    "ls ll dir stat file find du tree test [ [[ exa eza realpath readlink lsattr getfacl fd locate namei git"
)
VALUED: Final[dict[str, frozenset[str]]] = {
    "head": frozenset({"-n", "-c"}),
    "tail": frozenset({"-n", "-c", "-s"}),
    "cut": frozenset({"-d", "-f", "-c", "-b"}),
    "sort": frozenset({"-k", "-t", "-o", "-S", "-T"}),
    "grep": frozenset({"-e", "-f", "-m", "-A", "-B", "-C", "--include", "--exclude", "--exclude-dir", "-d", "--color"}),
    "rg": frozenset(
        {"-e", "-f", "-m", "-A", "-B", "-C", "-g", "--glob", "-t", "--type", "-T", "-r", "--replace", "-M", "-j"}
    ),
    "sed": frozenset({"-e", "-f", "-l"}),
    "awk": frozenset({"-F", "-v", "-f"}),
    "gawk": frozenset({"-F", "-v", "-f"}),
    "xxd": frozenset({"-s", "-l", "-c", "-g"}),
    "od": frozenset({"-A", "-t", "-N", "-j", "-w"}),
    "jq": frozenset({"--arg", "--argjson", "--indent"}),
    "split": names("-l -b -n -a -C --lines --bytes --number --suffix-length --line-bytes --additional-suffix"),
    "chmod": frozenset({"--reference"}),
    "touch": frozenset({"-d", "-r", "-t"}),
    "truncate": frozenset({"-s", "-r"}),
    "mkdir": frozenset({"-m"}),
    "install": frozenset({"-m", "-o", "-g", "-t"}),
    "cp": frozenset({"-t", "-S", "--target-directory"}),
    "mv": frozenset({"-t", "-S", "--target-directory"}),
    "base64": frozenset({"-w"}),
    "git": frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env"}),
    "kubectl": frozenset(
        {"-n", "--namespace", "--context", "--kubeconfig", "--cluster", "--user", "-s", "--server", "--as", "-v"}
    ),
    "docker": frozenset({"-H", "--host", "--context", "-c", "--config", "-l", "--log-level"}),
    "helm": frozenset({"-n", "--namespace", "--kube-context", "--kubeconfig"}),
    "aws": frozenset({"--profile", "--region", "--output", "--endpoint-url"}),
    "gcloud": frozenset({"--project", "--account", "--configuration", "--format"}),
    "psql": frozenset({"-h", "-p", "-U", "-d", "-f", "-c", "-v"}),
    "curl": names(
        "-o --output -H --header -d --data --data-binary --data-raw --data-urlencode -X --request -u --user -A --user-agent -e "
        "--referer -b --cookie -c --cookie-jar -F --form -T --upload-file -m --max-time --connect-timeout -w --write-out --retry "
        "-K --config --cacert --cert --key --json --resolve -r --range"
    ),
    "wget": names("-O --output-document -o -P --directory-prefix -U --header -t -T --post-data --post-file -e -i"),
    "rm": frozenset(),
    "shred": frozenset({"-n", "-s"}),
    "kill": frozenset({"-s", "-n"}),
    "nc": names("-w -p -s -i -q -x -X -T -O -I -e -c -g"),
    "ncat": names("-w -p -s -i -e -c --exec --sh-exec --ssl-cert --ssl-key --proxy"),
    **dict.fromkeys(
        ("redis-cli", "valkey-cli", "keydb-cli"),
        names("-h -p -a -n -u -s -i -r -d -D --user --pass --cacert --cacertdir --cert --key --sni --eval --rdb"),
    ),
    "crontab": names("-u"),
    "sudo": names("-u -g -p -C -D -R -T -h -r -t -U --user --group --prompt --chdir --chroot --host"),
    "doas": names("-u -C"),
    "strace": names("-e -o -s -u -E -a -O -S -b -I -P"),
    "unshare": names("-S -G -R -w --root --wd"),
    "ssh": names("-p -i -l -o -F -J -L -R -D -b -c -E -e -I -m -O -Q -S -W -w -B"),
    "scp": names("-P -i -o -F -J -l -c -S"),
    "rsync": names(
        "-e --rsh --exclude --include --filter -f --rsync-path --exclude-from --include-from "
        "--files-from --port --password-file --bwlimit --timeout"
    ),
    "pip": frozenset({"--index-url", "-i", "--python"}),
    "npm": frozenset({"--prefix", "-w", "--workspace"}),
    "systemctl": frozenset({"-H", "-M", "-t", "--type", "-n"}),
    "find": frozenset(),
}

PLACES: Final[dict[str, str]] = {
    "persistence": r"(?:^|/)(?:\.bashrc|\.zshrc|\.profile|\.bash_profile|\.zprofile|\.zshenv|\.zlogin|\.zlogout|"
    r"\.bash_login|\.bash_logout|"
    r"\.bash_aliases|\.xprofile|\.xinitrc|\.xsessionrc|\.inputrc|\.pam_environment|etc/profile|"
    r"etc/bash\.bashrc|etc/zshrc|etc/zprofile|"
    r"etc/bashrc|etc/rc\.common|etc/rc\.local|etc/inittab|\.config/fish/config\.fish|authorized_keys\d?|"
    r"etc/crontab|etc/anacrontab|"
    r"etc/ld\.so\.preload|etc/ld\.so\.conf|etc/environment|\.ssh/rc|etc/ssh/sshrc|etc/ssh/sshd_config|"
    r"sitecustomize\.py|usercustomize\.py|"
    r"etc/launchd\.conf|etc/at\.allow|etc/cron\.allow|\.vimrc|\.emacs|\.gdbinit|\.pythonrc|\.tmux\.conf|"
    r"\.gitconfig|etc/gitconfig|"
    r"\.npmrc|pip\.conf|\.pypirc|\.curlrc|\.wgetrc|etc/shells|etc/login\.defs)$"
    r"|(?:^|/)(?:etc/cron[^/]*|var/spool/cron|var/spool/at|usr/lib/cron|etc/systemd|lib/systemd|"
    r"\.config/systemd|\.config/environment\.d|LaunchAgents|LaunchDaemons|"
    r"StartupItems|etc/init\.d|etc/rc\d?\.d|etc/emond\.d|etc/profile\.d|\.config/autostart|"
    r"etc/xdg/autostart|\.config/fish/conf\.d|\.git/hooks|"
    r"etc/pam\.d|etc/security|etc/udev/rules\.d|etc/update-motd\.d|etc/modules-load\.d|etc/modprobe\.d|"
    r"etc/dbus-1|etc/polkit-1|"
    r"etc/apt/apt\.conf\.d|etc/yum\.repos\.d|etc/apt/sources\.list\.d|etc/periodic|"
    r"etc/NetworkManager/dispatcher\.d|etc/network/if-up\.d|"
    r"etc/ld\.so\.conf\.d|etc/environment\.d|etc/logrotate\.d|etc/ssh/sshd_config\.d|Start Menu/Programs/Startup)(?:/|$)",
    "disk": r"^/dev/(?:sd|hd|nvme|vd|xvd|mmcblk|disk|rdisk|mapper|dm-|md|loop|mem|kmem|port|nbd|sr\d)",
    "privilege": r"^/etc/(?:sudoers|passwd|shadow|group|gshadow|doas\.conf)",
    "escalation": r"^/etc/(?:sudoers|passwd|shadow|group|gshadow|doas\.conf|subuid|subgid|security/)|"
    r"^/proc/sys/kernel/(?:core_pattern|modprobe|"
    r"sysrq)|/release_agent$|/notify_on_release$|^/proc/sysrq-trigger|/uevent_helper$|^/sys/fs/cgroup/|"
    r"docker\.sock$|^/proc/sys/fs/binfmt_misc/",
    "protection_off": r"^/etc/(?:audit|selinux|apparmor|ufw|iptables|nftables|firewalld|fail2ban|rsyslog|syslog|clamav|"
    r"hosts\.(?:allow|deny)|pf\.conf)|"
    r"^/sys/fs/selinux/enforce|^/sys/kernel/(?:security|debug)/|^/proc/sys/kernel/(?:randomize_va_space|"
    r"yama|kptr_restrict|dmesg_restrict)|"
    r"^/Library/Application Support/com\.apple\.TCC",
    "log_tampering": r"^(?:/private)?/var/(?:log|adm|audit|mail|spool/mail)/|(?:^|/)\.(?:ba|z|k)?sh_history$|(?:^|"
    r"/)\.(?:python|mysql|"
    r"psql|node_repl)_history$|"
    r"/(?:wtmp|utmp|btmp|lastlog)$|^/var/run/utmp|fish_history$|^/Library/Logs/",
    "system_change": r"^(?:/private)?/(?:etc|boot|bin|sbin|lib(?:32|64)?|proc/sys|sys|efi|usr/(?:local/s?bin|bin|sbin|"
    r"lib(?:32|64|"
    r"exec)?|include))(?:/|$)|"
    r"^/System/|^/Library/(?!Caches)|(?i:^[a-z]:/windows/)",
}
"""What it means to write or delete a file, by its path."""

READ_PLACES: Final[dict[str, str]] = {
    "credential_access": r"^/proc/(?:\d+|\*|self|[^/]*)/(?:mem|maps|environ|auxv)$|^/proc/kcore$|^/dev/k?mem$|"
    r"^/sys/kernel/security/|"
    r"/etc/krb5\.keytab$|/krb5cc_[^/]*$|/etc/security/opasswd$|/\.config/(?:google-chrome|chromium|"
    r"BraveSoftware)/|/\.mozilla/firefox/|"
    r"/Library/(?:Keychains|Cookies|Application Support/(?:Google/Chrome|Firefox))/|/\.local/share/(?:keyrings|kwalletd)/|"
    r"^/var/lib/(?:sss/db|samba/private|mysql/mysql|docker/containers)/|"
    r"/var/run/secrets/kubernetes\.io/|/etc/kubernetes/(?:admin|pki)|"
    r"^/dev/input/event",
    "disk_read": r"^/dev/(?:sd[a-z]|hd[a-z]|nvme\d|vd[a-z]|mapper/|dm-|disk\d)",
}
"""What it means to read a file, by its path."""
