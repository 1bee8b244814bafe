"""Windows programs, as they are called from PowerShell, ``cmd`` or a POSIX shell on Windows."""

from __future__ import annotations

from typing import Final

from referee.facets.shell.tables import names

RULES: Final = """
del|erase [-never] : delete
del|erase {/s*|/S*|/q|/Q|/f|/F} : mass_delete delete
rd|rmdir {/s|/S} : mass_delete delete
deltree : mass_delete delete
format ... ?: : disk
format {?:} : disk
diskpart : disk
cipher {/w*|/W*} : disk
fsutil %usn|%file|%volume|%behavior %deletejournal|%setzerodata|%dismount|%set : log_tampering disk
vssadmin ... %delete|%resize : backup_destroy
wbadmin ... %delete : backup_destroy
wmic ... %shadowcopy %delete : backup_destroy
wmic ... %process %call : shell_escape
wmic {/node:*|*://*|*format:*} : remote_code
wmic ... %product %call|%uninstall : system_change
bcdedit {/set|/delete|/deletevalue} : protection_off system_change
diskshadow|manage-bde : backup_destroy
reagentc {/disable} : protection_off
wevtutil %cl|%clear-log|%sl : log_tampering
auditpol {/clear|/remove|/set} : log_tampering
certutil {-urlcache*|/urlcache*|-verifyctl|-decode*|/decode*|-encode*|-addstore|-ping|http*|-decodehex} : remote_code network
bitsadmin {/transfer|/addfile|/create|/setnotifycmdline|/resume} : remote_code network
mshta|hh|ieexec|presentationhost|xwizard|appinstaller {http*|javascript:*|vbscript:*|ms-appinstaller*|\
RunWizard} : remote_code
mshta|cmstp|installutil|regasm|regsvcs|odbcconf|pcalua|scriptrunner|syncappvpublishingserver|ieexec|msxsl|mavinject|\
pubprn|infdefaultinstall|\
vbc|jsc|wsreset|microsoft.workflow.compiler|dnx|rcsi|cdb|bginfo|gpscript|runscripthelper|register-cimprovider|atbroker|\
dfsvc|\
extexport|workfolders|stordiag|ttdinject|tttracer|sqltoolsps|sqlps|vsjitdebugger|devtoolslauncher|fsianycpu|adplus|\
visualuiaverifynative|ntsd : shell_escape
regsvr32 {/i:*|/s|-s|*scrobj*|http*|*.dll|/u} : shell_escape remote_code
rundll32 : shell_escape
rundll32 {*comsvcs*|*minidump*|*MiniDump*} : credential_access
msiexec {http*|/y|/z} : remote_code
msbuild|dotnet {*.xml|*.inf} : shell_escape
cscript|wscript {http*|*.vbs|*.js|*.wsf|script:*|//e:*} : shell_escape
forfiles {/c|/C} : shell_escape
cscript|wscript {//b*|/e:*|/E:*} : shell_escape
eventvwr|fodhelper|sdclt|computerdefaults|slui|pcwrun|runonce|verclsid|wab|wuauclt|presentationhost|bash.exe|dnscmd|\
wfc|appvlp|workfolders|rasautou|tttracer|provlaunch|unregmp2|coregen|mftrace|sqldumper|msohtmed|\
protocolhandler|launch-vsdevshell|\
cl_invocation|manage-bde.wsf|utilityfunctions|winrm|winrm.vbs|syssetup|advpack|ieadvpack|zipfldr|scrobj|\
pcwutl : shell_escape
rpcping|certreq|regedit|regini|extrac32|makecab|diantz|esentutl|expand {/*|-*|*:*} : shell_escape
findstr|replace|extrac32|makecab|diantz|expand|reg|regedit|certutil|esentutl {*.*:*.*} : protection_off
replace|expand {\\\\*} : remote_code
explorer|conhost|openconsole|wt {*.exe|*cmd*|*powershell*|/root*} : shell_escape
schtasks {/create|/change|-create} : persistence
schtasks {/delete|/end} : service_change
sc ... %create|%config|%failure|%sdset : persistence
sc ... %stop|%delete : service_change
sc {*WinDefend*|*windefend*|*EventLog*|*Sysmon*} : protection_off
reg %add {*Run|*RunOnce*|*Winlogon*|*Image?File*|*CurrentVersionRun*|*Policies*|*UserInit*|*AppInit*} : persistence
reg %add|%delete|%import|%copy|%restore|%load : system_change
reg %save|%export : credential_access
reg %query {*SAM*|*LSA*|*password*|*SecurityProviders*} : credential_access
net|net1 %user|%localgroup|%group|%accounts {/add|/ADD|/delete|/active:*|/domain} : escalation
net|net1 %stop|%pause : service_change
net|net1 %share|%use : exfiltration
netsh ... %advfirewall|%firewall : protection_off
netsh ... %portproxy|%trace|%wlan : exfiltration
netsh ... %add %helper : persistence
taskkill {/f|/F|/im|/IM} : process_kill
procdump|procdump64 : credential_access
ntdsutil|dsdbutil : credential_access
esentutil|esentutl {/y|/vss|/d} : credential_access
vaultcmd|cmdkey {/list*|/add*} : credential_access
nltest|dsquery|adfind|setspn {*} : attack_tool
psexec|psexec64|paexec|winrs|wmiexec : remote_code
takeown|icacls|cacls {/f|/F|/grant*|/reset|/setowner|*everyone*|*Everyone*} : escalation
attrib {+h|+s|-r|+H|+S} : protection_off
runas : privilege escalation
mpcmdrun|MpCmdRun {-removedefinitions|-RemoveDefinitions|-downloadfile|-DownloadFile|-url} : protection_off
fltmc {unload} : protection_off
desktopimgdownldr|certoc|certreq|configsecuritypolicy|cmdl32|gfxdownloadwrapper : remote_code
shutdown {/s|/r|/S|/R|/p|/f} : system_halt
""".strip()

PROGRAMS: Final = names(
    "del erase rd rmdir deltree format diskpart cipher fsutil vssadmin wbadmin wmic bcdedit diskshadow manage-bde reagentc "
    "wevtutil auditpol certutil bitsadmin mshta hh ieexec presentationhost xwizard cmstp installutil regasm regsvcs odbcconf "
    "pcalua scriptrunner syncappvpublishingserver msxsl mavinject pubprn infdefaultinstall msdt regsvr32 rundll32 msiexec "
    "msbuild cscript wscript forfiles schtasks sc reg net net1 netsh taskkill procdump procdump64 ntdsutil esentutl vaultcmd "
    "cmdkey nltest dsquery adfind setspn psexec psexec64 takeown icacls cacls attrib runas mpcmdrun fltmc desktopimgdownldr "
    "cscript eventvwr fodhelper sdclt computerdefaults slui pcwrun runonce verclsid wab wuauclt bash.exe dnscmd appvlp winrm "
    "rpcping regedit regini extrac32 makecab diantz expand findstr replace rasautou unregmp2 provlaunch msohtmed protocolhandler "
    "certoc certreq configsecuritypolicy winrs explorer conhost robocopy shutdown curl powershell pwsh cmd"
)
