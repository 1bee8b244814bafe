"""Tables of programs: what they do, which of their words are files, which of their subcommands do harm.

Rule 1: a line of ``RULES`` reads ``program subcommand… [flag|flag] : effects``. Words may be globs and alternatives;
``...`` skips words; flags in brackets must have one present, several brackets one each.
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
    "network": "curl wget nc ncat netcat socat telnet ssh scp sftp ftp tftp rsync aria2c axel lynx w3m links http https xh httpie "
    "nslookup dig host ping ping6 traceroute nmap masscan openssl-s_client whois mosh rclone lftp httrack youtube-dl yt-dlp",
    "privilege": "sudo doas pkexec su runuser gosu su-exec setcap visudo usermod useradd adduser chpasswd passwd newgrp nsenter sudoedit",
    "process_kill": "kill pkill killall xkill skill taskkill fuser",
    "disk": "mkfs mkswap fdisk sfdisk cfdisk sgdisk gdisk parted wipefs dd blkdiscard hdparm cryptsetup lvremove vgremove pvremove "
    "mke2fs mkfs.ext4 mkfs.ext3 mkfs.ext2 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.ntfs zpool badblocks nvme mdadm diskutil",
    "persistence": "crontab at batch chkconfig update-rc.d launchctl",
    "execute": "xargs make cmake ninja eval ssh watch parallel npx bunx uvx",
    "database_destroy": "dropdb dropuser",
    "write": "tee touch mkdir chmod chown chgrp chattr ln install truncate patch setfacl mkfifo mknod",
    "package_install": "",
}

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
    "split": frozenset({"-l", "-b", "-n", "-a", "-C"}),
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
    "pip": frozenset({"--index-url", "-i", "--python"}),
    "npm": frozenset({"--prefix", "-w", "--workspace"}),
    "systemctl": frozenset({"-H", "-M", "-t", "--type", "-n"}),
    "find": frozenset(),
}

RULES: Final = """
git push [--force|-f|--force-with-lease|--mirror|--delete|-d|--prune|\
--force-if-includes] : vcs_history_rewrite network
git push ... +*|:* : vcs_history_rewrite network
git push|pull|fetch|clone|ls-remote : network
git submodule update : network
git remote add|set-url : network
git push : exfiltration_candidate
git send-pack ... [--force|-f|--mirror] : vcs_history_rewrite network
git send-pack ... +*|:* : vcs_history_rewrite network
git config ... remote.*.push|remote.*.mirror : vcs_history_rewrite
hub push [--force|-f|--force-with-lease|--mirror|--delete|-d|--prune] : vcs_history_rewrite network
gh api ... */git/refs* [-X|--method] : vcs_history_rewrite network
git filter-branch|filter-repo|replace : vcs_history_rewrite
git reset [--hard|--merge|--keep] : vcs_history_rewrite delete
git reflog expire|delete : vcs_history_rewrite
git gc [--prune] : vcs_history_rewrite
git prune : vcs_history_rewrite
git update-ref [-d] : vcs_history_rewrite
git branch [-D|-f|--force|-M|-C] : vcs_history_rewrite
git tag [-d|--delete|-f|--force] : vcs_history_rewrite
git stash drop|clear : vcs_history_rewrite delete
git clean [-f|--force] : delete
git checkout [--|-f|--force|.] : delete
git checkout ... . : delete
git checkout -- : delete
git restore : delete
git switch [-f|--force|--discard-changes] : delete
git rm : delete
git worktree remove [-f|--force] : delete
git config : write
git worktree prune : delete
terraform|tofu|terragrunt destroy : infrastructure_destroy
terraform|tofu|terragrunt apply [-destroy|--destroy] : infrastructure_destroy
terraform|tofu|terragrunt state rm|mv|push : infrastructure_destroy
terraform|tofu|terragrunt workspace delete : infrastructure_destroy
terraform|tofu|terragrunt run-all destroy : infrastructure_destroy
terraform|tofu|terragrunt force-unlock|taint : infrastructure_destroy
pulumi destroy : infrastructure_destroy
pulumi stack rm : infrastructure_destroy
cdk|sst|serverless|sls destroy|remove : infrastructure_destroy
cdktf destroy : infrastructure_destroy
vagrant destroy : infrastructure_destroy
kubectl|oc replace [--force] : infrastructure_destroy
kubectl|oc delete|drain : infrastructure_destroy
kubectl|oc scale [--replicas=0] : infrastructure_destroy
helm uninstall|delete|del|un : infrastructure_destroy
helmfile destroy|delete : infrastructure_destroy
argocd app delete : infrastructure_destroy
vault delete|kv|lease delete|destroy|revoke|metadata : infrastructure_destroy
vault delete : infrastructure_destroy
fastly|glab|circleci|algolia|rabbitmqadmin|deck|flipt|unleash|pd|splits|twilio|stripe|launchctl|ldcli|\
newrelic|datadog-ci|consul|nomad|etcdctl|boundary|kong|kn|istioctl|linkerd|cilium|crossplane|gitlab|jira|\
s3cmd|mc|b2|swift|openstack|ibmcloud|oci|aliyun|tccli|exo|upctl|civo ... delete|destroy|remove|rm|purge|\
delete-*|reset|terminate|del|rb|deltree : infrastructure_destroy
eksctl|kops|kind|minikube|k3d|doctl|hcloud|linode-cli|vultr-cli|scw ... delete|destroy|\
terminate : infrastructure_destroy
fly|flyctl|heroku|vercel|netlify|railway|render|wrangler|firebase|supabase ... destroy|delete|remove|rm|\
apps:destroy|*:destroy|*:delete : infrastructure_destroy
aws s3 rb : infrastructure_destroy
aws s3 rm [--recursive] : infrastructure_destroy delete
aws s3 rm : delete
aws s3 sync [--delete] : infrastructure_destroy delete
aws s3 cp|mv|sync : network exfiltration_candidate
aws * delete-*|terminate-*|deregister-*|remove-*|batch-delete-*|purge-*|schedule-key-deletion|\
disable-* : infrastructure_destroy
aws secretsmanager get-secret-value : credential_access
aws ssm get-parameter|get-parameters [--with-decryption] : credential_access
aws configure get|export-credentials : credential_access
aws sts get-session-token|assume-role : credential_access
gcloud ... delete|destroy|remove-iam-policy-binding : infrastructure_destroy
gcloud auth print-access-token|print-identity-token : credential_access
gcloud secrets versions access : credential_access
gsutil ... rm|rb : infrastructure_destroy delete
gcloud storage rm : infrastructure_destroy delete
bq rm : infrastructure_destroy database_destroy
az ... delete|purge : infrastructure_destroy
az account get-access-token : credential_access
az keyvault secret show : credential_access
docker|podman|nerdctl rm|rmi [-f|--force] : infrastructure_destroy
docker|podman|nerdctl system|volume|image|network|container|builder|buildx prune|rm|remove : infrastructure_destroy
docker|podman|nerdctl compose down [-v|--volumes|--rmi] : infrastructure_destroy
docker-compose down [-v|--volumes|--rmi] : infrastructure_destroy
docker-compose rm : infrastructure_destroy
docker|podman run [--privileged] : privilege
docker|podman|nerdctl run|exec : execute
docker|podman push : network exfiltration_candidate
docker|podman pull|login : network
kubectl get secret|secrets|secret/*|secrets/* [-o|--output|-oyaml|-ojson] : credential_access
kubectl|oc exec|run|apply|create|replace|patch|edit : execute
vault kv|read|secrets ... get|delete|disable|destroy : credential_access
vault kv|secrets delete|destroy|metadata|disable : infrastructure_destroy
gh auth token : credential_access
gh repo delete|archive : infrastructure_destroy
gh release|secret|ssh-key|variable|run|cache|label delete : infrastructure_destroy
gh api ... [-X|--method] : network
gh gist create : network exfiltration
gh : network
security find-generic-password|find-internet-password|dump-keychain : credential_access
pass show : credential_access
op read : credential_access
op item|document get : credential_access
gpg [--export-secret-keys|--export-secret-subkeys] : credential_access
ssh-keygen [-y] : credential_access
systemctl enable|link|edit : persistence
systemctl stop|disable|mask|kill|poweroff|reboot|halt|isolate : process_kill
systemctl poweroff|reboot|halt|rescue|emergency : disk
service * stop : process_kill
shutdown|reboot|halt|poweroff|init : process_kill disk
zfs destroy|rollback : disk delete
zpool destroy|labelclear|clear|export : disk delete
btrfs subvolume delete : disk delete
diskutil eraseDisk|eraseVolume|partitionDisk|secureErase : disk
borg|restic delete|prune|forget : delete
rclone delete|purge|cleanup|sync|deletefile|rmdir|rmdirs : delete network
velero ... delete : infrastructure_destroy delete
rsync [--delete|--delete-after|--delete-before|--delete-during|--delete-excluded|--remove-source-files|--del] : delete
mysqladmin ... drop|flush-* : database_destroy
redis-cli ... flushall|flushdb|FLUSHALL|FLUSHDB|FlushAll|FlushDB|del|DEL|shutdown|SHUTDOWN : database_destroy
rails|rake|bin/rails ... db:drop|db:reset|db:drop:all|db:schema:load|db:migrate:reset|db:purge : database_destroy
prisma migrate reset : database_destroy
prisma db push [--force-reset|--accept-data-loss] : database_destroy
manage.py flush|reset_db|sqlflush : database_destroy
artisan migrate:fresh|migrate:reset|db:wipe|migrate:refresh : database_destroy
alembic downgrade : database_destroy
sequelize|sequelize-cli|knex db:drop|migrate:rollback|db:migrate:undo:all : database_destroy
mix ecto.drop|ecto.reset : database_destroy
apt|apt-get|aptitude|yum|dnf|zypper|pacman|apk|brew|port|snap|flatpak|pip|pip3|pipx|gem|cargo|npm|pnpm|yarn|\
bun|go|composer|conda|mamba|nix-env|choco|scoop|winget|uv|poetry|pdm ... install|add|get|i|in|ci|\
reinstall : package_install network
pacman [-S|-Syu|-U] : package_install network
rpm|dpkg [-i|--install|-U|-ivh] : package_install
apt|apt-get|aptitude|yum|dnf|zypper|pacman|apk|brew|snap|flatpak|pip|pip3|gem|cargo|npm|pnpm|yarn ... remove|\
purge|uninstall|autoremove|erase : package_remove
uv pip install|sync : package_install network
npm|pnpm|yarn|cargo|gem|twine|poetry|uv ... publish|push|upload : network exfiltration_candidate
npm|pnpm|yarn|bun run|test|start|exec : execute
crontab [-r] : delete persistence
crontab [-l] : read
iptables|nft|ufw ... flush|-F|disable|reset|delete : network
iptables [-F|--flush|-X] : network
chmod ... 777|u+s|+s|4755|a+rwx|0777|6755|2755|o+w : privilege
chown [-R|--recursive] : privilege
setenforce ... 0|Permissive : privilege
history [-c] : delete
openssl s_client : network
make|just|task|rake ... clean|distclean|destroy : execute
tar [--remove-files] : delete
zip [-m] : delete
find|gfind [-delete] : delete
find|gfind [-fprint|-fprintf|-fls] : write
sed|perl [-i|--in-place] : write
""".strip()

PLACES: Final[dict[str, str]] = {
    "persistence": r"(?:^|/)(?:\.bashrc|\.zshrc|\.profile|\.bash_profile|\.zprofile|\.zshenv|\.bash_login|\.bash_logout|"
    r"etc/profile|etc/bash\.bashrc|"
    r"etc/rc\.local|\.config/fish/config\.fish|authorized_keys\d?|etc/crontab|etc/ld\.so\.preload|etc/environment)$"
    r"|(?:^|/)(?:etc/cron[^/]*|var/spool/cron|etc/systemd|\.config/systemd|LaunchAgents|LaunchDaemons|etc/init\.d|"
    r"etc/profile\.d|\.config/autostart|\.git/hooks|etc/pam\.d|etc/sudoers\.d|etc/udev/rules\.d)(?:/|$)",
    "disk": r"^/dev/(?:sd|hd|nvme|vd|xvd|mmcblk|disk|rdisk|mapper|dm-|md|loop|mem|kmem|port)",
    "privilege": r"^/etc/(?:sudoers|passwd|shadow|group|gshadow|doas\.conf)",
}
