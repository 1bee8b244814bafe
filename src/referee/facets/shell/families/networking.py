"""What connects, listens, tunnels, sends mail, and changes who may connect."""

from __future__ import annotations

from typing import Final

RULES: Final = """
iptables|ip6tables|iptables-legacy|arptables|ebtables [-F|--flush|-X|-D|-Z|-P] : protection_off
iptables|ip6tables [-A|-I|-t|--append|--insert] : protection_off
iptables-restore|ip6tables-restore|nft|iptables-apply : protection_off
nft list|-v : read
ufw disable|reset|delete|allow|default|insert|logging : protection_off
firewall-cmd [--remove-service|--remove-port|--add-port|--add-service|--panic-on|--reload|--add-rich-rule|\
--set-default-zone|\
--permanent|--zone|--remove-rich-rule] : protection_off
pfctl [-d|-F] : protection_off
pfctl [-f] : protection_off
route|ip add|del|delete|flush|change|replace : system_change
ip link|addr|address|route|rule|neigh|netns|xfrm|tunnel|tuntap add|del|delete|flush|set|change|replace : system_change
ifconfig ... down|up|promisc|hw|netmask : system_change
ifdown|ifup|nmcli|dhclient [-r|-x] : system_change
ifdown : system_change
nmcli ... delete|down|off|modify|disconnect : system_change
tc qdisc add|del|change|replace : system_change
arp [-d|-s] : system_change
resolvectl|resolvconf dns|revert|flush-caches|domain : system_change
ssh [-R|-D|-w] : exfiltration
ssh {*ProxyCommand*|*proxycommand*|*LocalCommand*|*localcommand*|*PermitLocalCommand*|*KnownHostsCommand*|\
*PKCS11Provider*} : shell_escape
ssh {*StrictHostKeyChecking=no*|*StrictHostKeyChecking=off*} : network
sshd : persistence
sshuttle|autossh|plink|pscp|psftp : exfiltration network
proxytunnel|corkscrew|redsocks|microsocks|dante-server|danted|tor|3proxy|stunnel|stunnel4 : exfiltration
nc|ncat|netcat|nc.openbsd|nc.traditional|socat|cryptcat|pwncat|pwncat-cs|dbd|sbd [-l|-lvp|-lvnp|-nlvp|-L|--listen|\
-k] : exfiltration
socat {*LISTEN*|*listen*} : exfiltration
websocat|wstunnel|wscat : network
xterm|rxvt|urxvt {-display*} : exfiltration
telnet|rsh|rlogin|rexec|rcp : network
openssl s_client|s_server : network
openssl s_server : exfiltration
openssl ... {-engine|-provider} : shell_escape
curl|wget [--engine] : shell_escape
wget {--use-askpass*|--use-askpass=*} : shell_escape
curl {-k|--insecure} : network
mail|mutt|mailx|sendmail|swaks|mpack|msmtp|ssmtp|s-nail|sendemail|mailutils : network exfiltration
tftp|ftp|lftp|ncftpput|ncftp|atftp|curlftpfs {*put*|*mput*|*mirror*-R*} : exfiltration
ncftpput|ftp-upload : exfiltration
tftp : network
smbclient {*put*|*tar*c*} : exfiltration
python|python2|python3 {http.server|SimpleHTTPServer} {/|~|/etc|/etc/*|/home|/home/*|/root|/root/*} : exfiltration
php [-S] {/|~|/etc|/home|/home/*|/root} : exfiltration
ruby|busybox|toybox {httpd} {/|~|/etc|/home|/home/*|/root} : exfiltration
npx|serve|http-server {/|~|/etc|/home|/root} : exfiltration
croc|magic-wormhole|wormhole|onionshare|onionshare-cli|transfer|transfer.sh|ffsend|dropbox|gdrive|megaput|mega-put|skicka|\
dropbox_uploader.sh|ix|pastebinit|wgetpaste|sprunge|termbin|hastebin|nopaste|gist|fpaste send|put|upload|--upload|\
-f : exfiltration
pastebinit|wgetpaste|nopaste|fpaste|transfer|onionshare-cli|megaput|mega-put|skicka : exfiltration
bluetooth-sendto|obexftp|kermit|sz|rz|cu|minicom [-S|--put] : exfiltration
nsupdate : network
tailscale|zerotier-cli|wg|wg-quick|openvpn|openconnect|vpnc|netbird up|join|set|leave|down|down|serve|\
funnel : system_change network
tailscale serve|funnel : exfiltration
tcpserver|xinetd|inetd|in.telnetd|telnetd|vsftpd|tinyproxy|smbd|nmbd|smbserver.py|impacket-smbserver|dropbear|shellinabox|\
shellinaboxd|ttyd|gotty|\
Xvnc|x11vnc|vncserver|x0vncserver|xrdp : exfiltration
scp|sftp|rsync {*ProxyCommand*|*proxycommand*} : shell_escape
scp|sftp [-S] : shell_escape
rsync [--rsync-path] : execute
traceroute|dig|host|nslookup|ping {*\\`*|*$(*} : exfiltration
dig ... %axfr : attack_tool
dig {axfr|AXFR} : attack_tool
host [-l] : attack_tool
fierce|dnsrecon|dnsenum|dnsmap|sublist3r : attack_tool
""".strip()
