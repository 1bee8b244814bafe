"""The machine itself: disks, services, kernel, processes, logs, schedules, and what watches over it."""

from __future__ import annotations

from typing import Final

RULES: Final = """
mke2fs|mkswap|mkdosfs|mkntfs|newfs|newfs_hfs|newfs_apfs|mkudffs : disk
wipefs [-a|--all|-o|--offset|-f|--force] : disk
blkdiscard {/dev/*} : disk
badblocks [-w] : disk
hdparm [--security-erase|--security-set-pass|--write-sector|--trim-sector-ranges|--make-bad-sector|\
--security-erase-enhanced|--fwdownload] : disk
nvme format|sanitize|write-zeroes|delete-ns : disk
sg_format|sg_sanitize|sg_unmap : disk
fdisk|cfdisk|gdisk|cgdisk {/dev/*} [!-l|--list|-s] : disk
sgdisk [-Z|-z|-o|-d|-n|--zap-all|--zap|--clear|--delete] : disk
sfdisk {/dev/*} [!-l|-d|--dump|-J|--list|-F|-V] : disk
parted ... mklabel|mkpart|mktable|rm|resizepart|mkpartfs|rescue|name|set : disk
partprobe|partx|kpartx [-d|--delete] : disk
cryptsetup luksFormat|erase|luksErase|luksKillSlot|luksRemoveKey|luksSuspend|reencrypt|luksChangeKey|luksHeaderRestore : disk
cryptsetup open|luksOpen|close|luksClose|luksAddKey : system_change
lvremove|vgremove|pvremove|lvreduce|vgreduce|lvconvert : disk delete
lvcreate|vgcreate|pvcreate|lvextend|lvresize : system_change
mdadm [--zero-superblock|--stop|-S|--remove|-r|--fail|-f|--create|-C] : disk
zfs destroy|rollback : disk delete
zpool destroy|labelclear|clear|export|offline|remove|split : disk delete
btrfs subvolume|device|balance|check delete|remove|snapshot [!-r] : disk delete
btrfs subvolume delete : disk delete
btrfs check [--repair] : disk
xfs_repair [-L] : disk
e2fsck|fsck [-y|-f|-p|-a] {/dev/*} : disk
tune2fs|resize2fs|debugfs|e2label {/dev/*} : disk
debugfs {/dev/*} : credential_access
dmsetup remove|remove_all|wipe_table : disk
diskutil %eraseDisk|%eraseVolume|%partitionDisk|%secureErase|%zeroDisk|%randomDisk|%reformat|%apfs|%unmountDisk : disk
hdiutil attach|mount|detach : read
asr restore : disk
swapoff [-a|--all] : system_change
swapoff : system_change
swapon : system_change
mount ... /dev/* : escalation
mount [--bind|-B|--rbind] : escalation
mount {*remount*rw*|*rw*remount*|*cifs*|*nfs*|cgroup|cgroup2|*upperdir=*|proc} : escalation
umount [-f|-l|-a|--force|--lazy|--all] : system_change
umount ... /|/boot|/home|/usr|/var|/ : system_change
losetup [-d|-D|-f] : system_change
sysctl [-w|--write|-p|--system] : system_change
sysctl ... *=* : system_change
sysctl ... kernel.randomize_va_space=*|kernel.yama.*|kernel.core_pattern=*|kernel.modprobe=*|kernel.sysrq=* : protection_off
insmod|kexec : escalation
modprobe [!-n|-D|--show-depends|-l|-c] : escalation
rmmod : protection_off system_change
depmod : system_change
kldload|kextload|kmutil : escalation
efibootmgr|bootctl|grub-install|update-grub|grub-mkconfig|grub2-mkconfig|bcdedit|bless|nvram|flashrom|fwupdmgr|dracut|\
update-initramfs|mkinitcpio [!-l|--list|-p|-v] : system_change
nvram [-c|-d] : system_change
csrutil disable|clear|authenticated-root : protection_off
spctl [--master-disable|--global-disable|--add|--disable|--remove] : protection_off
xattr [-d|-c|-r|-cr] ... com.apple.quarantine : protection_off
xattr {*com.apple.quarantine*} : protection_off
tccutil reset : protection_off
profiles remove|install|-R|-I : protection_off
profiles [-R|-I|-r] : protection_off
socketfilterfw [--setglobalstate|--unblockapp|--add] : protection_off
DevToolsSecurity|fdesetup disable|removerecovery|-enable : protection_off
setenforce 0|%permissive : protection_off
aa-teardown|aa-disable|aa-complain|apparmor_parser|aa-remove-unknown : protection_off
semanage|setsebool ... permissive|-d|fcontext|off|0 : protection_off
auditctl [-D|-e|-d] : protection_off log_tampering
augenrules [--load] : protection_off
journalctl [--vacuum-size|--vacuum-time|--vacuum-files|--rotate|--flush] : log_tampering
logrotate [-f|--force] : log_tampering
utmpdump [-r] : log_tampering
log erase : log_tampering
dmesg [-c|-C|--clear|--read-clear|-n|-D] : log_tampering
history [-c|-d] : log_tampering
fc [-p] : log_tampering
chattr [-i|-a] : protection_off
chattr {-i|-a|+i|-ia|-ai|+a|+ia} : protection_off
chflags : system_change
chflags ... nouchg|noschg|hidden|uchg|schg : protection_off
systemctl enable|link|edit|reenable|preset|add-wants : persistence
systemctl stop|disable|mask|kill|restart|reload-or-restart|try-restart|isolate : service_change process_kill
systemctl stop|disable|mask|kill ... {auditd*|rsyslog*|syslog*|systemd-journald*|firewalld*|ufw*|iptables*|nftables*|\
apparmor*|\
selinux*|clamav*|falco*|falcon*|osquery*|wazuh*|ossec*|fail2ban*|crowdstrike*|sentinel*|cbagent*|cbdaemon*|mdatp*|mde*|\
sysmon*|td-agent*|fluent*|filebeat*|auditbeat*|splunk*|datadog*|snoopy*|tripwire*|aide*|rkhunter*|\
unattended-upgrades*} : protection_off
systemctl poweroff|reboot|halt|rescue|emergency|kexec|suspend|hibernate : system_halt
systemctl [--now] : service_change
service {*/*} : shell_escape
run-parts|run-mailcap : execute
latex|pdflatex|xelatex|lualatex {--shell-escape|-shell-escape|--enable-write18} : shell_escape
service ... stop|restart : service_change process_kill
service auditd|rsyslog|syslog|ufw|iptables|apparmor|clamav-daemon|fail2ban|falcon-sensor|firewalld|wazuh-agent stop|\
disable : protection_off
rc-service|rc-update|sv|s6-svc|initctl|chkconfig|update-rc.d|insserv : service_change
rc-update add : persistence
update-rc.d ... defaults|enable : persistence
chkconfig ... on|--add : persistence
initctl|stop|start : service_change
launchctl load|bootstrap|enable|submit|setenv|kickstart|asuser|config : persistence
launchctl unload|bootout|disable|remove|stop|kill|reboot : service_change
launchctl ... {*com.apple.*xprotect*|*com.crowdstrike*|*sentinel*|*osquery*|*jamf*|*santa*|*mdworker*|*littlesnitch*|\
*syslogd*} : protection_off
shutdown [!-c] : system_halt
reboot|halt|poweroff : system_halt
init|telinit 0|1|6|s|S : system_halt
pm-suspend|pm-hibernate : system_halt
osascript {*shut?down*|*restart*|*log?out*} : system_halt
crontab [!-l] : persistence
crontab [-r] : persistence delete mass_delete
crontab [-l] : read
at|batch [!-l|-q|-c|-V] : persistence
atrm : delete
systemd-run [--on-active|--on-boot|--on-calendar|--on-startup|--on-unit-active|--timer-property] : persistence
loginctl enable-linger|terminate-user|kill-user : persistence
loginctl terminate-user|terminate-session|kill-user|kill-session : service_change
kill|pkill|killall|killall5|skill|xkill|fuser|taskkill|Stop-Process : process_kill
kill ... 1|-1 : system_halt
kill {-1} [-9|-KILL|-SIGKILL|-15|-TERM|-SIGTERM|-s] : system_halt
killall5 : system_halt
pkill|killall ... init|systemd|sshd|launchd|dbus-daemon|Xorg|gnome-shell|WindowServer|loginwindow|containerd|dockerd|\
kubelet : system_halt
pkill|killall ... auditd|rsyslogd|syslogd|osqueryd|falcon-sensor|falcond|clamd|mdatp|wdavdaemon|sysmon|wazuh-agentd|\
filebeat|fail2ban-server|\
cbagentd|xagt|tripwire|santad : protection_off
pkill|killall ... .|.[*]|.+ : system_halt
pkill|killall {*osquery*|*falco*|*auditd*|*crowdstrike*|*sentinel*|*wazuh*|*clamd*|*defender*|*syslog*} : protection_off
pkill|killall {postgres*|mysqld*|mariadbd|redis-server|mongod|nginx|apache2|httpd|haproxy|docker|etcd|kafka|java|\
elasticsearch|vault} : service_change
pkill|killall [-u|-U|-euid|--euid|-G|--uid|--user] : system_halt
fuser [-k|--kill] : process_kill service_change
systemsetup|scutil|networksetup|pmset|defaults write|delete|-setremotelogin|-set* : system_change
systemsetup {-setremotelogin} : persistence
systemsetup|networksetup|scutil|pmset {-set*|--set*} : system_change
defaults write {*com.apple.loginwindow*|*LoginHook*|*LogoutHook*|*LoginItems*|*loginitems*} : persistence
defaults write {*LSQuarantine*|*com.apple.alf*|*TCC*|*SoftwareUpdate*} : protection_off
defaults delete : system_change
plutil|PlistBuddy {*LaunchAgents*|*LaunchDaemons*|*Delete*} : persistence
osascript {*login?item*} : persistence
hostnamectl|timedatectl|localectl set-* : system_change
date {-s|--set|--set=*|-us} : system_change
hwclock [-w|-s|--systohc|--set|--hctosys] : system_change
update-alternatives|alternatives [--set|--install|--remove|--remove-all|--config] : system_change
ldconfig : system_change
dconf|gsettings|xfconf-query reset|write|set : service_change
stress|stress-ng|sysbench [--cpu|-c|--vm|--io|--hdd|-m|--matrix] : system_change
xmrig|xmr-stak|minerd|cpuminer|ethminer|cgminer|bfgminer|ccminer|t-rex|nbminer|lolminer|lolMiner|phoenixminer|\
PhoenixMiner|claymore|\
teamredminer|gminer|nanominer|minergate|minergate-cli|kdevtmpfsi|kinsing|randomx|srbminer|SRBMiner-MULTI|wildrig|\
xmrig-proxy : mining
docker|podman run {*xmrig*|*minerd*|*cpuminer*|*cryptonight*} : mining
tcpdump [!--version|-D|--list-interfaces|-r] : surveillance
tshark|dumpcap|ngrep|ettercap|bettercap|arpspoof|dsniff|driftnet|sslstrip|mitmproxy|mitmdump [!--version|-D|-r|\
-v] : surveillance
screencapture|scrot|xwd|maim|gnome-screenshot|import|grim|spectacle {*root*|*.png|*.jpg|*.xwd|*.pdf|*.jpeg} : surveillance
screencapture|logkeys|xspy|keylogger|lkl|uberkey : surveillance
xinput test|test-xi2|--test|--test-xi2 : surveillance
xinput [--test|--test-xi2] : surveillance
showkey|evtest : surveillance
ffmpeg {x11grab|avfoundation|v4l2|gdigrab|alsa|pulse} : surveillance
arecord|parecord|rec|parec : surveillance
imagesnap|fswebcam|streamer : surveillance
gcore|procdump|mimipenguin|mimikatz|lazagne|LaZagne|pypykatz|secretsdump.py|secretsdump|hashdump|3snake|linikatz|\
laZagne.py : credential_access
gdb {-p|--pid|--pid=*} : surveillance
strace|ltrace|dtruss [-p|--pid] : surveillance
unshadow|john|hashcat|hydra|medusa|ncrack|patator|crowbar|ophcrack|aircrack-ng|fcrackzip|pdfcrack|rarcrack|brutespray|\
kerbrute : attack_tool
nmap|masscan|zmap|rustscan|unicornscan|naabu [!--version|-V|-h|--iflist] : attack_tool
sqlmap|nikto|wpscan|gobuster|dirb|ffuf|feroxbuster|wfuzz|msfconsole|msfvenom|msfdb|crackmapexec|netexec|nxc|responder|\
Responder|\
responder.py|impacket-secretsdump|impacket-psexec|impacket-smbexec|impacket-wmiexec|impacket-dcomexec|impacket-atexec|\
impacket-ntlmrelayx|impacket-GetUserSPNs|impacket-GetNPUsers|impacket-ticketer|impacket-lookupsid|impacket-mssqlclient|\
ntlmrelayx.py|GetUserSPNs.py|GetNPUsers.py|psexec.py|smbexec.py|wmiexec.py|enum4linux|smbmap|rpcclient|bloodhound-python|evil-winrm|beef-xss|\
setoolkit|\
linpeas|linpeas.sh|linenum.sh|LinEnum.sh|linux-exploit-suggester|les.sh|pspy|pspy64|traitor|unix-privesc-check|lse.sh|\
commix|xsser|hping3|slowloris|slowhttptest|thc-ssl-dos|loic|mdk3|mdk4|aireplay-ng|airodump-ng|airmon-ng|reaver|wifite|\
yersinia|scapy|macchanger|theHarvester|recon-ng|subfinder|amass|nuclei|weevely|sliver|empire|merlin|pupy|koadic|veil|\
deepce.sh|\
cdk_linux_amd64|peirates|kube-hunter|botb|truffleHog|dirsearch|evilginx|gophish|backdoor-factory : attack_tool
smbclient|rpcclient|ldapsearch : network
stegosuite|steghide|outguess|openstego embed|-e|hide : exfiltration
shred|srm|wipe|scrub|sfill|sswap|nwipe|dban|secure-delete|bleachbit : mass_delete delete
rimraf|rimraf.cmd|trash-empty|empty-trash : mass_delete delete
truncate [-s|--size] : write
truncate {-s0|0|--size=0} : work_loss
rsync [--delete|--delete-after|--delete-before|--delete-during|--delete-excluded|--remove-source-files|\
--del] [!-n] : delete mass_delete
unison|syncthing|lsyncd : network
robocopy {/mir|/MIR|/purge|/PURGE|/mov|/MOV|/move|/MOVE} : mass_delete delete
find|gfind [-delete] : delete mass_delete
find|gfind {rm|/bin/rm|/usr/bin/rm|unlink|shred|srm} [-exec|-execdir|-ok|-okdir] : delete mass_delete
xargs|parallel {rm|/bin/rm|unlink|shred|srm|rmdir} : delete mass_delete
find|gfind [-fprint|-fprintf|-fls] : write
fd|fdfind {rm|unlink|shred} [-x|-X|--exec|--exec-batch] : mass_delete delete
rm {-r*|-R*|--recursive|-fr*|-fR*|--recurs*|-dr*|-ir*|-vr*|-Ir*} : mass_delete
rm [-r|-R|--recursive] : mass_delete
rm [--no-preserve-root] : mass_delete
rm {[*]|./[*]|[*].[*]|.[*]|/[*]|~/[*]|../[*]} : mass_delete
rename|mmv|vidir [-f|--force] : write
sed|perl [-i|--in-place] : write
tar [--remove-files] : delete mass_delete
zip [-m|--move] : delete
tar [-P|--absolute-names] : write
7z|7za|rar a [-sdel|-df] : delete mass_delete
gpg|gpg2 [--export-secret-keys|--export-secret-subkeys] : credential_access
gpg|gpg2 [--delete-secret-keys|--delete-secret-key|--delete-secret-and-public-key] : mass_delete
gpg|gpg2 [--delete-key|--delete-keys] : delete
make|just|task|rake ... clean|distclean|destroy|nuke|purge|mrproper : execute
""".strip()
