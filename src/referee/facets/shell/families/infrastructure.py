"""Clouds, clusters, containers, hosting and the services of other companies.

``SERVICES`` are programs that change something elsewhere by ``noun verb`` or ``verb noun``; ``effects`` reads their verbs.
"""

from __future__ import annotations

from typing import Final

from referee.facets.shell.tables import names

SERVICES: Final = names(
    "aws gcloud gsutil az azcopy oci ibmcloud aliyun tccli doctl hcloud linode-cli vultr-cli scw exo upctl civo openstack "
    "s3cmd s5cmd mc b2 eksctl kops kind minikube k3d rancher argocd argo flux istioctl linkerd cilium kn crossplane "
    "nomad consul vault boundary waypoint packer etcdctl fly flyctl heroku vercel netlify railway render wrangler firebase "
    "supabase pscale neonctl turso atlas mongocli cf dokku eb ecs-cli copilot sam amplify serverless sls sst cdk cdktf "
    "pulumi stripe twilio sendgrid square braintree paypal algolia newrelic datadog-ci dog pd pagerduty sentry-cli splunk "
    "grafana-cli grafanactl ldcli splits unleash flipt configcat circleci glab gitlab gitlab-runner jira tea "
    "doppler op infisical bw tctl okta auth0 rabbitmqctl rabbitmqadmin rabbitmq-plugins nats rpk pulsar-admin ccloud "
    "confluent nodetool deck kong apigeecli fastly akamai cloudflared flarectl gandi dnscontrol databricks snow sfdx sf "
    "restic borg velero duplicity rclone kopia duplicacy tarsnap pgbackrest barman wal-g teleport lxc incus multipass "
    "virsh vboxmanage VBoxManage prlctl qm pct vagrant oc kubefed eas expo appwrite nhost convex hasura stytch ngrok "
    "consul-template "
    "openfaas faas-cli spin kn func kamal caprover dokploy coolify portainer glcloud mongodb-atlas"
)
CLUSTERS: Final = names(
    "kafka-topics kafka-consumer-groups kafka-acls kafka-configs kafka-delete-records kafka-reassign-partitions "
    "zookeeper-shell zkCli pulsar jenkins-cli curator hdfs hadoop"
)

RULES: Final = """
split splits|environments|segments|traffic-types|workspaces delete|kill|archive : infrastructure_destroy
openstack ... delete : infrastructure_destroy
terraform|tofu|terragrunt destroy : infrastructure_destroy
terraform|tofu|terragrunt apply [-destroy|--destroy] : infrastructure_destroy
terraform|tofu|terragrunt apply|import : deploy
terraform|tofu|terragrunt state rm|mv|push|replace-provider : infrastructure_destroy
terraform|tofu|terragrunt workspace delete : infrastructure_destroy
terraform|tofu|terragrunt run-all|run destroy : infrastructure_destroy
terraform|tofu|terragrunt run-all apply : deploy
terraform|tofu|terragrunt force-unlock|taint : infrastructure_destroy
terraform|tofu|terragrunt console|output [-raw|-json] : read
pulumi destroy|down : infrastructure_destroy
pulumi up|update|import|refresh : deploy
pulumi stack rm : infrastructure_destroy
pulumi state delete : infrastructure_destroy
cdk|sst|serverless|sls|sam|copilot|amplify|eb deploy|up : deploy
cdk|sst|serverless|sls destroy|remove : infrastructure_destroy
cdktf destroy : infrastructure_destroy
sam delete : infrastructure_destroy
eb terminate : infrastructure_destroy
vagrant destroy : infrastructure_destroy
vagrant halt|suspend : service_change
ansible|ansible-playbook : deploy
ansible|ansible-playbook [--check|-C] : read
ansible-vault view|decrypt|edit : credential_access
ansible ... {*state=absent*} : infrastructure_destroy
packer build : deploy
kubectl|oc replace [--force] : infrastructure_destroy
kubectl|oc delete|drain : infrastructure_destroy
kubectl|oc scale [--replicas=0] : infrastructure_destroy
kubectl|oc cordon|taint|uncordon|scale|label|annotate|autoscale : service_change
kubectl|oc rollout undo|restart|pause : service_change
kubectl|oc set image|env|resources : deploy
kubectl|oc apply|create|replace|patch|edit|expose|run : deploy
kubectl|oc exec|run : execute
kubectl|oc debug : escalation
kubectl|oc {*hostPID*|*hostpid*|*"privileged"*:*true*|*privileged=true*|*hostPath*} : escalation
kubectl|oc create clusterrolebinding|rolebinding|token : escalation
kubectl|oc create clusterrolebinding {*cluster-admin*} : escalation
kubectl|oc proxy|port-forward : network
kubectl|oc cp : network exfiltration
kubectl|oc get|describe secret|secrets|secret/*|secrets/* : credential_access
kubectl|oc config view [--raw] : credential_access
kubectl|oc config delete-context|delete-cluster|unset : service_change
kubectl|oc auth can-i : read
helm uninstall|delete|del|un : infrastructure_destroy
helm install|upgrade : deploy
helm rollback : service_change
helmfile destroy|delete : infrastructure_destroy
helmfile apply|sync : deploy
argocd app delete : infrastructure_destroy
argocd app sync|set|rollback : deploy
flux suspend|uninstall : infrastructure_destroy
velero uninstall : infrastructure_destroy backup_destroy
vault kv|read|secrets ... get|delete|disable|destroy : credential_access
vault read : credential_access
vault token create : credential_access
vault kv|secrets|lease|policy|auth|token|namespace delete|destroy|metadata|disable|revoke : infrastructure_destroy
vault delete : infrastructure_destroy
vault operator seal|step-down|rekey|rotate|generate-root|raft : infrastructure_destroy
consul kv delete : infrastructure_destroy
nomad job stop|deregister : infrastructure_destroy
nomad system gc : service_change
etcdctl del : infrastructure_destroy database_destroy
deck|decK sync|reset : infrastructure_destroy
deck gateway|gw sync|reset|apply : infrastructure_destroy
heroku config [!--help] : credential_access
heroku pg:reset|pg:drop|*:destroy|*:delete|*:remove : infrastructure_destroy
heroku pg:psql ... {*DROP*|*drop*} : database_destroy
fly|flyctl|vercel|netlify|railway|render|wrangler|firebase|supabase|heroku|kamal|cf|eas deploy|publish|push|up : deploy
vercel [--prod] : deploy
netlify deploy [--prod] : deploy
supabase db reset : database_destroy
supabase db push : deploy
aws s3 rb : infrastructure_destroy
aws s3 rm : infrastructure_destroy delete
aws s3 sync [--delete] : infrastructure_destroy delete
aws s3 cp|mv|sync : network exfiltration_candidate
aws s3 presign : exfiltration
aws s3api put-bucket-acl|put-bucket-policy|put-object-acl|put-public-access-block : escalation
aws s3api put-object : exfiltration network
aws s3api put-bucket-lifecycle-configuration|put-bucket-versioning : infrastructure_destroy
aws * delete-*|terminate-*|deregister-*|remove-*|batch-delete-*|purge-*|schedule-key-deletion|\
disable-*|revoke-*|detach-*|release-*|cancel-*|stop-*|unsubscribe : infrastructure_destroy
aws secretsmanager get-secret-value|batch-get-secret-value : credential_access
aws secretsmanager update-secret|put-secret-value|rotate-secret|restore-secret : service_change
aws ssm get-parameter|get-parameters|get-parameters-by-path [--with-decryption] : credential_access
aws ssm send-command|start-session : remote_code
aws configure get|export-credentials|list : credential_access
aws sts get-session-token|assume-role|get-federation-token : credential_access
aws iam create-access-key|create-user|create-login-profile|update-login-profile|attach-*|put-*-policy|\
add-user-to-group|create-policy-version|update-assume-role-policy|set-default-policy-version|add-role-* : escalation
aws ec2 get-password-data|modify-snapshot-attribute|modify-image-attribute|create-key-pair : credential_access
aws ec2 authorize-security-group-ingress : escalation
aws ec2 modify-instance-attribute|run-instances : service_change
aws rds modify-db-instance|restore-*|failover-* : service_change
aws rds delete-db-snapshot|delete-db-cluster-snapshot|delete-db-instance-automated-backup : backup_destroy
aws ec2 delete-snapshot|deregister-image : backup_destroy
aws backup delete-* : backup_destroy
aws cloudtrail stop-logging|delete-trail|update-trail|put-event-selectors : log_tampering infrastructure_destroy
aws guardduty|securityhub|config|logs|cloudwatch delete-*|disable-*|stop-*|update-detector : log_tampering
aws route53 change-resource-record-sets {*DELETE*} : infrastructure_destroy
aws route53 change-resource-record-sets : service_change
aws cloudfront create-invalidation : service_change
aws lambda invoke|update-function-code|create-function : deploy
aws cloudformation deploy|create-stack|update-stack|execute-change-set : deploy
aws autoscaling set-desired-capacity|update-auto-scaling-group|suspend-processes : service_change
aws ecs update-service|stop-task : deploy
aws kms disable-key|schedule-key-deletion|put-key-policy : infrastructure_destroy
aws ecr get-login-password|get-authorization-token : read
gcloud ... delete|destroy|remove-iam-policy-binding|undelete|undeploy : infrastructure_destroy
gcloud ... add-iam-policy-binding|set-iam-policy|add-iam-policy : escalation
gcloud iam service-accounts keys create : credential_access
gcloud auth print-access-token|print-identity-token|application-default : credential_access
gcloud secrets versions access : credential_access
gcloud compute ssh|scp : network execute
gcloud compute firewall-rules create|update : protection_off
az network nsg rule create|update : protection_off
gcloud compute instances add-metadata|set-service-account : escalation
gcloud app|run|functions deploy : deploy
gcloud logging sinks|logs delete : log_tampering infrastructure_destroy
gcloud sql backups delete : backup_destroy
gcloud compute snapshots delete : backup_destroy
gcloud storage rm : infrastructure_destroy delete
gcloud storage cp : network exfiltration_candidate
gsutil ... rm|rb : infrastructure_destroy delete
gsutil ... rsync [-d] : infrastructure_destroy delete
gsutil ... cp|mv|rsync : network exfiltration_candidate
gsutil ... iam|acl ch|set : escalation
gsutil lifecycle|versioning set : infrastructure_destroy
bq rm : infrastructure_destroy database_destroy
bq extract : exfiltration
az ... delete|purge|delete-batch|untag : infrastructure_destroy
az account get-access-token : credential_access
az keyvault secret|key|certificate show|download|backup : credential_access
az ad sp|app create|create-for-rbac|reset : escalation
az ad ... credential reset : credential_access
az role assignment create : escalation
az vm run-command : remote_code
az vm deallocate|stop : service_change
az storage blob upload|upload-batch|sync : network exfiltration
az storage account keys list : credential_access
az monitor diagnostic-settings|log-profiles delete : log_tampering
az backup protection disable : backup_destroy
az webapp|functionapp deploy|up : deploy
az acr login : network
azcopy remove|rm : infrastructure_destroy
azcopy copy|cp|sync : network exfiltration_candidate
azcopy sync [--delete-destination] : infrastructure_destroy
docker|podman|nerdctl rm|rmi : service_change
docker|podman|nerdctl rm|rmi [-f|--force] : infrastructure_destroy
docker|podman|nerdctl stop|kill|restart|pause : service_change
docker|podman|nerdctl system|volume|image|network|container|builder|buildx prune|rm|remove : infrastructure_destroy
docker|podman|nerdctl compose down [-v|--volumes|--rmi] : infrastructure_destroy
docker|podman|nerdctl compose rm [-v|-s|-f] : infrastructure_destroy
pm2|supervisorctl|monit|forever|circusctl|god|honcho delete|stop|kill|stopall|shutdown|reload|restart|scale|\
remove : service_change
podman|nerdctl system reset : infrastructure_destroy
fly|flyctl|heroku|dokku scale|ps:scale : service_change
docker|podman|nerdctl swarm|stack|service|secret|config|context|node leave|rm|remove : infrastructure_destroy
docker-compose down [-v|--volumes|--rmi] : infrastructure_destroy
docker-compose rm : infrastructure_destroy
docker|podman|nerdctl run|create|exec [--privileged] : privilege escalation
docker|podman|nerdctl run|create {--pid=host|--ipc=host|--uts=host|--userns=host|--cgroupns=host|--cap-add=SYS_*|\
--cap-add=ALL|--cap-add=all|--cap-add=NET_ADMIN|--cap-add=DAC_*|--security-opt=*unconfined*|seccomp=unconfined|\
seccomp:unconfined|apparmor=unconfined|apparmor:unconfined|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|CAP_SYS_ADMIN|\
--device=/dev/sd*|--device=/dev/nvme*} : escalation
docker|podman|nerdctl run|create {/:/*|--volume=/:*|-v/:*|/etc:*|/root:*|/proc:*|/dev:*|/sys:*|/var/run/docker.sock:*|\
/run/docker.sock:*|/run/containerd*|*:/var/run/docker.sock*|/var/log:*|/boot:*|/lib/modules:*|--volume=/etc:*|\
--volume=/var/run/docker.sock*|--mount=*source=/,*|*source=/,*|*src=/,*|*source=/var/run/docker.sock*|-v=/:*} : escalation
docker|podman|nerdctl run|exec : execute
docker|podman|nerdctl cp ... *:* : read
docker|podman|nerdctl push : network deploy
docker|podman|nerdctl pull|login : network
docker|podman|nerdctl export|save ... : read
docker {tcp://*} [-H|--host] : escalation
ctr|crictl run|exec : execute
ctr ... {--privileged|*src=/,*|*source=/,*} : escalation
runc run|exec : execute escalation
lxc|incus ... {security.privileged=true|raw.lxc=*|source=/} : escalation
lxc|incus delete : infrastructure_destroy
virsh undefine|destroy|vol-delete|pool-delete|snapshot-delete : infrastructure_destroy
proxmox-backup-client forget|snapshot : backup_destroy
nsenter : privilege escalation
kubeadm reset : infrastructure_destroy
nats|rpk|pulsar-admin ... rm|delete|del|purge : infrastructure_destroy
rabbitmqctl|rabbitmqadmin delete_*|clear_*|purge_*|forget_*|reset|force_reset|stop_app|stop|change_password|set_permissions|\
set_user_tags : infrastructure_destroy
kafka-configs|kafka-configs.sh [--delete-config] : infrastructure_destroy
kafka-consumer-groups|kafka-consumer-groups.sh [--reset-offsets|--delete|--delete-offsets] : infrastructure_destroy
kafka-delete-records|kafka-delete-records.sh : infrastructure_destroy database_destroy
kafka-acls|kafka-acls.sh [--add] : escalation
hdfs|hadoop dfs|fs [-rm|-rmr|-expunge|-rmdir] : infrastructure_destroy delete
hdfs namenode [-format] : infrastructure_destroy disk
gitlab-rails runner|console : remote_code
gitlab-rake|gitlab-backup : service_change
gitlab-rake gitlab:backup:restore : infrastructure_destroy
gitlab-runner unregister : infrastructure_destroy
borg delete|prune|recreate|rdelete|repo-delete|compact : backup_destroy delete
borg break-lock|key|config : service_change
restic forget|prune|rewrite|repair : backup_destroy delete
restic key remove|passwd : backup_destroy
restic unlock|cache|tag|migrate : service_change
velero ... delete : infrastructure_destroy backup_destroy
duplicity remove-*|cleanup : backup_destroy
duplicacy prune : backup_destroy
kopia snapshot|repository delete|disconnect : backup_destroy
tarsnap [-d|--nuke] : backup_destroy
pgbackrest expire|stanza-delete : backup_destroy
barman delete : backup_destroy
wal-g delete : backup_destroy
tmutil delete|deletelocalsnapshots|disable|thinlocalsnapshots : backup_destroy
timeshift [--delete|--delete-all] : backup_destroy
snapper delete : backup_destroy
rclone delete|purge|cleanup|sync|deletefile|rmdir|rmdirs|move|moveto|dedupe : delete network infrastructure_destroy
rclone copy|copyto|sync|move|moveto|rcat|copyurl : network upload_candidate
rclone config show|dump : credential_access
rclone serve|rcd : exfiltration
mc rm|rb|mirror|admin|ilm|retention|legalhold ... [--remove|--force|--recursive|-r] : infrastructure_destroy
mc admin user|policy|group|service|config|bucket disable|unset|remove|detach|stop|restart|set|rm : infrastructure_destroy
op read : credential_access
op item|document get : credential_access
op item|document|vault|user|group|connect|service-account|events-api ... edit|suspend|revoke : service_change
pass show|edit|rm : credential_access
pass : credential_access
bw get|export|list : credential_access
lpass show|export : credential_access
gopass show : credential_access
chamber read|export|exec : credential_access
doppler secrets get|download : credential_access
infisical secrets|export : credential_access
sops [-d|--decrypt] : credential_access
sops decrypt : credential_access
keepassxc-cli show|export|clip : credential_access
security find-generic-password|find-internet-password|dump-keychain|export|find-certificate|find-identity|unlock-keychain|\
dump-trust-settings : credential_access
security authorizationdb|add-trusted-cert|set-key-partition-list|delete-* : escalation
secret-tool search|lookup : credential_access
kwallet-query : credential_access
keyctl read|print|pipe : credential_access
argocd account|login get-user-info : credential_access
databricks secrets get-secret : credential_access
nginx|apachectl|apache2ctl|httpd [-s] {stop|quit} : service_change
apachectl|apache2ctl stop|graceful-stop : service_change
nginx {stop|quit} : service_change
haproxy [-sf|-st] : service_change
varnishadm ... stop|ban|ban.url : service_change
traefik : network
cloudflared tunnel : exfiltration
ngrok http|tcp|tls|start : exfiltration
localtunnel|lt|bore|chisel|frpc|frps|pagekite|serveo|inlets|gost|ligolo|iodine|dnscat2|dnscat|ptunnel|pwnat|\
rathole : exfiltration
""".strip()
