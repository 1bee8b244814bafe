"""Which files hold secrets: patterns by family, each with where its list comes from.

Rule 1: the notation is that of ``classes``: whole components at the end of a path, ``/**`` for all below a folder, ``@``
for an ending that data has.
Rule 2: ``certain`` families are secret in any form but a sample; the others are not when the file is program text,
documentation, a sample or a public half.
"""

from __future__ import annotations

from typing import Final

import msgspec


class Family(msgspec.Struct, frozen=True):
    """Patterns of one kind of file: their class, and where the list comes from."""

    name: str
    kind: str
    source: str
    patterns: str
    certain: bool = False


FAMILIES: Final = (
    Family(
        "dotenv", "env_file",
        "dotenv, docker, direnv, Flask, Wrangler, dotenvx: files of variables",
        """
        .env.local .env.production .env.prod .env.staging .env.development
        .env .env.* .env_* .env-* *.env .envrc .flaskenv .dev.vars .dev.vars.* env.local env.production env.prod .environment
        """),
    Family(
        "ssh", "private_key",
        "ssh-keygen(1), sshd(8), PuTTY, Dropbear",
        """
        id_rsa id_dsa id_ecdsa id_ed25519 id_xmss id_ecdsa_sk id_ed25519_sk id_rsa* id_dsa* id_ecdsa* id_ed25519* *_rsa *_dsa
        *_ecdsa *_ed25519 *-rsa.key *.ppk ssh_host_*_key dropbear_*_host_key *.openssh deploy_key *_deploy_key *-deploy-key ssh_key
        ssh-key sshkey *_ssh_key ssh_keys@
        """),
    Family(
        "keys", "private_key",
        "openssl(1), gpg(1), keytool(1), signtool, age, PKCS, Apple and Android signing, IBM and Oracle key stores",
        """
        *.key *.p12 *.pfx *.pkcs12 *.jks *.jceks *.bks *.keystore *.p8 *.pk8 *.pvk *.snk *.pse *.kdb *.sth *.priv *.privkey
        *.keypair *.tpm *.bek *.fve *.pem *private*key@ *private*key privkey@ private.asc *private*.asc *secret*.asc secring.gpg
        *.keytab *.agekey private-keys-v1.d/** openpgp-revocs.d/** .gnupg .gnupg/** gnupg/secring.gpg cwallet.sso ewallet.p12
        *.mobileprovision *.provisionprofile *.cscfg *.skey *.pvk
        """),
    Family(
        "wallets", "private_key",
        "Bitcoin Core, geth, Electrum, Exodus, Solana, Monero, MetaMask and other wallets: their data folders",
        """
        wallet.dat *.wallet default_wallet utc--* .bitcoin/** .litecoin/** .dogecoin/** .dashcore/** .zcash/** .ethereum/**
        ethereum/keystore/** .electrum/** electrum/wallets/** .electron-cash/** exodus.wallet/** .config/exodus/** .monero/**
        monero/wallets/** .solana/** solana/id.json .near-credentials/** .sui/** .aptos/** .lnd/** *.macaroon .walletwasabi/**
        .multibit/** .armory/** .daedalus/** coinomi/wallets/** atomic/local%20storage/** com.liberty.jaxx/** ledger%20live/**
        bitcoin/wallets/** guarda/local%20storage/** zcash/wallet.dat nkbihfbeogaeaoehlefnkodbefgpgknn/**
        bfnaelmomeimhlpmgjnjophhpkkoljpa/** hnfanknocfeofbddgcijnmhnfnkdnaad/** .brownie/accounts/** .foundry/keystores/**
        keyring-file/** .polkadot/** wallets/*.dat
        """, certain=True),
    Family(
        "password managers", "credential",
        "KeePass, 1Password, Bitwarden, LastPass, Enpass, pass, GNOME Keyring, KWallet, macOS Keychain",
        """
        *.kdbx *.kdbx.* *.psafe3 *.agilekeychain *.agilekeychain/** *.opvault *.opvault/** *.1pif *.1pux *.enpassdb
        *.enpasswalletdata *.kwl *.kwallet kwalletd/** .local/share/keyrings/** .gnome2/keyrings/** *.keyring *.keychain
        *.keychain-db keychains/** .password-store/** bitwarden*.json bitwarden*.csv lastpass*.csv dashlane*.csv 1password*@
        bitwarden/data.json .config/bitwarden/** .config/op/** .op/** .config/1password/** *passwords.csv keepass*.xml .lastpass/**
        .lpass/** .local/share/gopass/** .authy/** *.2fas andotp*.json .config/keepassxc/** .config/rbw/** .local/share/rbw/**
        .google_authenticator
        """, certain=True),
    Family(
        "browsers", "credential",
        "Chromium, Firefox, Safari, Opera, Thunderbird: stores of logins, cookies, history",
        """
        login%20data login%20data-journal login%20data%20for%20account web%20data local%20state default/cookies network/cookies
        default/history profile*/cookies profile*/history cookies-journal cookies.sqlite* key3.db key4.db cert8.db cert9.db
        logins.json logins-backup.json signons.sqlite signons*.txt formhistory.sqlite places.sqlite webappsstore.sqlite
        sessionstore.js sessionstore.jsonlz4 recovery.jsonlz4 cookies.binarycookies user%20data/** google/chrome/default/**
        .config/google-chrome*/** .config/chromium/** .config/bravesoftware/** application%20support/google/chrome/**
        application%20support/bravesoftware/** application%20support/firefox/** .config/microsoft-edge*/** .config/vivaldi/**
        .config/opera/** opera%20software/** library/safari/** .mozilla/firefox/** mozilla/firefox/** firefox/profiles/**
        .thunderbird/** thunderbird/profiles/** .config/yandex-browser/** snap/firefox/common/** .librewolf/** .waterfox/**
        cookies.txt
        """, certain=True),
    Family(
        "clouds", "credential",
        "AWS, Google Cloud, Azure, Oracle, IBM, Alibaba, DigitalOcean, Hetzner, Scaleway and others: their CLIs' folders",
        """
        .aws .aws/credentials* .aws/config .aws/sso/** .aws/cli/** .aws/login/** aws/credentials .aws_credentials* aws_credentials*
        aws-credentials* .awsvault/** .aws-vault/** .saml2aws .okta/** .okta_aws_login_config rootkey.csv *accesskeys.csv
        *access_keys.csv accesskey*.csv new_user_credentials.csv .config/gcloud .config/gcloud/** roaming/gcloud/**
        application_default_credentials.json legacy_credentials/** *service-account*.json *service_account*.json
        *serviceaccount*.json firebase-adminsdk*.json *-firebase-adminsdk-*.json gcloud-service-key.json gcp-key*.json gcp_key*.json
        client_secret*.json gcloud/credentials.db gcloud/access_tokens.db .gsutil/** .azure .azure/* azureprofile.json
        accesstokens.json msal_token_cache* azure_credentials* *.publishsettings *.azurepubxml .oci/** .bluemix/** .ibmcloud/**
        .aliyun/** .tccli/** .hcloud/** .config/hcloud/** .config/doctl/** .doctlcfg .config/scw/** .scwrc .linode-cli
        .config/linode-cli .vultr-cli.yaml .tugboat .fly/config.yml .config/flyctl/** .netlify/config.json .config/netlify/**
        netlify/config.json com.vercel.cli/** .vercel/auth.json .now/auth.json .config/configstore/** .railway/config.json
        .config/heroku/** .wrangler/config/** .config/.wrangler/** .cloudflared/** .cfcli.yml .pulumi/credentials.json
        .terraform.d/** .terraformrc terraform.rc credentials.tfrc.json .boto .s3cfg .s3curl .passwd-s3fs passwd-s3fs .rclone.conf
        rclone.conf .config/rclone/** .mc/config.json .minio.sys/** .snowflake/** .snowsql/** .databrickscfg .databricks/**
        .bigqueryrc .openstack/** clouds.yaml openrc.sh *-openrc.sh .cf/config.json .config/ngrok/** .ngrok2/** ngrok.yml
        .supabase/access-token .planetscale/** .config/planetscale/** .config/stripe/** .config/turso/** .ovh.conf .exoscale/**
        .config/yandex-cloud/** .dropbox/** .dropbox_uploader .megarc .b2_account_info .ossutilconfig .cos.conf .qshell/**
        .huaweicloud/**
        """, certain=True),
    Family(
        "containers", "credential",
        "Docker, Podman, Kubernetes, Helm, Argo CD, Nomad, Consul, Vault: credentials of their CLIs and nodes",
        """
        .docker/config.json .docker/*.pem .docker/trust/** .dockercfg .dockerconfigjson docker/config.json containers/auth.json
        .kube .kube/** kubeconfig kubeconfig.* *.kubeconfig *-kubeconfig *_kubeconfig kubeconfig-* kubeconfig_* etc/kubernetes/**
        etc/rancher/** k3s.yaml var/lib/kubelet/** var/lib/rancher/** var/lib/etcd/** run/secrets/** serviceaccount/token
        .config/helm/** helm/registry/config.json .argocd/** .config/argocd/** .vault-token .vault_token vault-token .vault-pass*
        .vault_pass* vault-pass@ vault_pass@ vault_password@ .ansible_vault* .ansible-vault* .nomad-token .consul-token .minikube/**
        docker.sock
        """, certain=True),
    Family(
        "developers' tools", "credential",
        "git, gh, glab, Subversion, npm, PyPI, RubyGems, Cargo, Maven, Gradle, Composer, curl, CI runners, editors",
        """
        .git-credentials .git-credential-* .git-credential-cache/** .config/git/credentials git/credentials .git/config
        .git/credentials .gitcookies .config/hub .config/gh/** .config/hub/** .config/glab-cli/** .github_token .gitlab-token* .gist
        .gist-vim .subversion/auth/** .svn/auth/** .hgrc .hg/hgrc .cvspass .p4tickets .bazaar/authentication.conf .netrc _netrc
        .netrc-* .netrc.* .authinfo .authinfo.* .npmrc .pypirc .gem/credentials .cargo/credentials* .m2/settings*.xml
        settings-security.xml .gradle/gradle.properties .sbt/.credentials .ivy2/.credentials .credentials .lein/credentials*
        .composer/auth.json composer/auth.json auth.json .nuget/nuget.config .hex/hex.config .curlrc .wgetrc .huggingface/**
        huggingface/token huggingface/stored_tokens .kaggle/** kaggle.json .openai/** .anthropic/** .config/openai/**
        .claude/.credentials.json .gemini/oauth_creds.json .gemini/google_accounts.json .config/github-copilot/**
        github-copilot/hosts.json github-copilot/apps.json .config/wandb/** .streamlit/secrets.toml .modal.toml
        .jupyter/*config.json .twurlrc .trc .slack/** .travis/config.yml .circleci/cli.yml .sentryclirc hubspot.config.yml
        .transifexrc .chef/** .config/sops/** sops/age/** .config/age/** .jfrog/** .artifactory* .jira.d/** .pip/pip.conf
        .continuum/** etc/gitlab-runner/** .gitlab-runner/** .credentials_rsaparams buildkite-agent.cfg
        jenkins/secrets/** jenkins_home/secrets/** initialadminpassword hudson.util.secret jenkins/credentials.xml
        jenkins_home/credentials.xml credentials.xml jenkins.plugins.publish_over_ssh.bapsshpublisherplugin.xml .config/act/**
        .config/ghorg/** .config/lab/** sftp-config.json .ftpconfig .ftppass .remote-sync.json .vscode/sftp.json
        deployment-config.json webservers.xml datasources.local.xml .idea/datasources*.xml credentials-config.json .msmtprc
        .config/atlassian/** .config/doppler/** .esmtprc heroku.json
        """, certain=True),
    Family(
        "databases", "credential",
        "PostgreSQL, MySQL, MongoDB, Redis, Cassandra, Oracle, their clients; FTP and remote desktop clients",
        """
        .pgpass .pgpass.* pgpass.conf .pg_service.conf .my.cnf .mylogin.cnf mylogin.cnf debian.cnf .mongorc.js .mongoshrc.js
        .cqlshrc .cassandra/** .redisclirc .sqldeveloper/** robomongo.json .robomongo/** .3t/** var/lib/mysql/**
        var/lib/postgresql/** var/lib/mongodb/** var/lib/redis/** mysql/user.myd mysql/user.frm elasticsearch.keystore
        kibana.keystore logstash.keystore .erlang.cookie *.mdf *.ldf ibdata1 database.yml orapw* sqlnet.wallet filezilla.xml
        sitemanager.xml recentservers.xml filezilla/*.xml filezilla%20server.xml winscp.ini ws_ftp.ini ws_ftp.sites *.rdg
        confcons.xml .remmina/** remmina/** .putty/** .vnc/** .vncpasswd vncpasswd ultravnc.ini .x2goclient/** mobaxterm.ini
        .dbvis/** .pgadmin/** pgadmin4.db .pgadmin4.db
        """, certain=True),
    Family(
        "mail and chat", "credential",
        "mutt, msmtp, fetchmail, Pidgin, irssi, Signal, Telegram, Slack, Discord, Outlook, Postfix, Dovecot",
        """
        .muttrc .mutt/** .config/mutt/** .config/neomutt/** .msmtprc .config/msmtp/** .fetchmailrc .mailrc .offlineimaprc .mbsyncrc
        .isyncrc .getmail/** .irssi/** .weechat/** .config/weechat/** .purple/** otr.private_key .xchat2/** .config/hexchat/**
        .config/signal/** application%20support/signal/** .config/slack/** application%20support/slack/** .config/discord/**
        telegram%20desktop/** tdata/** .config/skype*/** *.pst *.ost library/messages/** sasl_passwd sasl_passwd.db dovecot-users
        dovecot/passwd exim4/passwd.client .znc/**
        """, certain=True),
    Family(
        "histories", "credential",
        "shells, database clients and interpreters: what was typed",
        """
        .*_history .*-history .*_history.* .histfile .history .zhistory .sh_history .zsh_sessions/** .bash_sessions/** fish_history
        .lesshst .viminfo _viminfo consolehost_history.txt .dbshell .local/share/atuin/** recently-used.xbel .recently-used .histdb
        """, certain=True),
    Family(
        "linux", "credential",
        "shadow(5), sudoers(5), PAM, Kerberos, IPsec, WireGuard, OpenVPN, Samba, NetworkManager, procfs",
        """
        .ssh .ssh/**
        etc/shadow etc/shadow- etc/shadow.* etc/shadow~ etc/gshadow etc/gshadow- etc/sudoers etc/sudoers.d/** etc/security/opasswd
        etc/security/passwd etc/master.passwd etc/spwd.db etc/tcb/** etc/ssl/private/** etc/pki/tls/private/** ssl/private/**
        pki/private/** etc/letsencrypt/** etc/wireguard/** wireguard/*.conf wg?.conf *.ovpn etc/openvpn/** ipsec.secrets
        etc/ipsec.d/private/** chap-secrets pap-secrets wpa_supplicant*.conf system-connections/** ldap.secret pam_ldap.secret
        libnss-ldap.secret smbpasswd passdb.tdb secrets.tdb samba/private/** .smbcredentials smbcredentials racoon/psk.txt
        psk.txt proc/*/environ proc/*/task/*/environ proc/*/mem proc/*/auxv proc/kcore dev/mem dev/kmem dev/port etc/freeradius/**
        etc/asterisk/** etc/zabbix/** etc/grafana/** etc/squid/passwd etc/ppp/** krb5cc_* krb5.keytab var/lib/krb5kdc/** etc/sssd/**
        etc/ssh/*_key .rhosts .shosts hosts.equiv .pam_environment .yubico/** *.luks crypttab.key etc/gitlab/** gitlab-secrets.json
        var/spool/mail/** var/mail/** etc/vsftpd/*users* proftpdpasswd proftpd.passwd pure-ftpd.pdb pureftpd.passwd pureftpd.pdb
        .htpasswd .htpasswd* htpasswd .htdigest *.htpasswd .htusers var/backups/*shadow* etc/proxychains.conf passwd.bak shadow.bak
        shadow.txt rsyncd.secrets etc/ansible/vault* etc/cinder/** etc/nova/** etc/keystone/**
        """, certain=True),
    Family(
        "windows", "credential",
        "SAM and other hives, DPAPI, unattended set-up, Group Policy preferences, IIS, Active Directory",
        """
        system32/config/* system32/config/regback/** windows/repair/* winnt/repair/* config/regback/** repair/sam sam.bak sam.sav
        system.sav security.sav ntds.dit ntuser.dat ntuser.dat.log* usrclass.dat unattend.xml unattended.xml unattend.txt
        autounattend.xml sysprep.inf sysprep.xml windows/panther/** groups/groups.xml services/services.xml
        scheduledtasks/scheduledtasks.xml printers/printers.xml drives/drives.xml datasources/datasources.xml roaming/microsoft/**
        local/microsoft/credentials/** local/microsoft/vault/** applicationhost.config machine.config connectionstrings.config
        wwwroot/web.config inetpub/web.config windows/system32/inetsrv/** pagefile.sys hiberfil.sys swapfile.sys lsass*.dmp
        memory.dmp *.rdp credhist appcmd.exe.config plum.sqlite *.pwl globalroot/** globalroot/device/harddiskvolumeshadowcopy?/**
        system%20volume%20information/** sitelist.xml vnc.ini
        """, certain=True),
    Family(
        "macos", "credential",
        "accounts, keychains, the privacy database, stores of applications",
        """
        dslocal/nodes/** com.apple.tcc/** tcc.db kcpassword library/accounts/*.sqlite library/keychains/** chat.db knowledgec.db
        notestore.sqlite var/db/systemkey favorites.plist com.apple.airport.preferences.plist library/group%20containers/**
        application%20support/mobilesync/** application%20support/addressbook/**
        """, certain=True),
    Family(
        "web applications", "credential",
        "WordPress, Joomla, Drupal, Magento, Rails, Phoenix, Tomcat, JBoss and others",
        """
        wp-config.php wp-config*.php html/configuration.php public_html/configuration.php htdocs/configuration.php
        www/configuration.php joomla/configuration.php localsettings.php settings.local.php sites/default/settings.php
        sites/*/settings.php config.inc.php app/etc/env.php app/etc/local.xml parameters.yml parameters.yaml secret_token.rb
        secret_key_base@ local_settings.py settings_local.py *.secret.exs keystore.properties key.properties tomcat-users.xml
        mgmt-users.properties application-users.properties security/boot.properties serializedsystemini.dat shiro.ini
        initializers/carrierwave.rb secret_key@ .flask_secret* config/master.key config/credentials/*.key django_secret@
        settings_secret.py db.inc.php dbconfig.php db_config.php db-config.php conf_global.php settings.inc.php config.db.php
        typo3conf/localconfiguration.php localconfiguration.php ventrilo_srv.ini ftpsync.settings wcx_ftp.ini configuration.user.xpl
        *.gnucash jwtrs256.key config/jwt/*.pem web-inf/web.xml web-inf/*.properties credentials.yml.enc
        """, certain=True),
    Family(
        "by name", "secret",
        "names that people give to files of secrets; Terraform, Ansible",
        """
        sftp.json vault*password* *-ci-token *_secret token.pickle keys.json keys.yaml keys.yml accounts.db oauth2.json
        secrets.yml secrets.yaml secrets.json secrets.toml secrets.env secret.yaml credentials.json passwords.txt
        secrets/** .secrets/** secrets.* secret.* .secrets .secret *.secret *.secrets *-secrets.y*ml *_secrets.y*ml *-secret.y*ml
        *_secret.y*ml *secrets*@ *secret*.txt *.vault vault.y*ml *.enc.key master.key api_key@ apikey@ api-key@ api_keys@ apikeys@
        api-keys@ api_key apikey *_api_key@ *-api-key@ *apikey*.txt *token.txt tokens.txt token.json .token .tokens *.token
        *access_token@ *access-token@ access_token *auth_token@ *auth-token@ auth_token oauth_token@ *refresh_token@ bearer_token@
        github_token@ *_token passwords@ password@ passwd.txt password*.txt password*.xls* password*.doc* password*.csv passwort*@
        *passwords@ *passwords*.txt *passwords*.xls* pass.txt pwd.txt logins.txt login.txt accounts.txt creds creds@ *-creds@
        *_creds@ .creds cred@ credentials credentials.* .credentials.* *credentials@ *credentials*@ *.credentials terraform.tfvars
        *.auto.tfvars *prod*.tfvars *.tfvars.json *secret*.tfvars *.tfstate *.tfstate.* terraform.tfstate.d/** keys.txt private.txt
        private_keys@ privatekeys@ encryption_key@ encryption-key@ signing_key@ signing-key@ hmac_key@ license.key otp.txt totp*.txt
        2fa*.txt pin.txt pins.txt pincodes.* ssn*.csv creditcard*.csv credit_card*@ cards.csv bank_account*@ service_key@
        service-key@ secret_access_key* client_secret client_secret@ client-secret@ secret_key secret-key@ secretkey@ secret_key.*
        seed.txt seedphrase* seed_phrase* seed-phrase* *seed?phrase*.txt mnemonic@ mnemonics@ recovery?phrase* recovery?key*
        recovery?codes* recovery_codes* backup?codes* root_password@ admin_password@ db_password@ db-password@ dbpass@ db_pass@
        mysql_password@ jwt_secret@ jwt-secret@ jwt_secret
        """),
)  # fmt: skip

CONFIGURATIONS: Final = frozenset(
    """
    config.php config.inc.php configuration.php settings.php database.php db.php connect.php connection.php web.config
    app.config settings.py local_settings.py config.py config.rb application.properties application.yml appsettings.json
    config.json config.yml config.yaml config.xml config.ini config.js settings.json settings.ini php.ini my.cnf httpd.conf
    nginx.conf .htaccess docker-compose.yml context.xml server.xml
    """.split()  # noqa: SIM905 - a table
)
"""Files of a project that are ordinary themselves; left-over copies of them are read for the passwords in them."""

SYSTEM: Final = """
    /etc/* /etc/*/** etc/passwd etc/passwd- etc/passwd~ etc/group etc/hosts etc/issue etc/fstab etc/crontab etc/motd
    etc/hostname etc/resolv.conf etc/apache2/apache2.conf etc/httpd/conf/httpd.conf etc/nginx/nginx.conf etc/mysql/my.cnf
    etc/ssh/sshd_config etc/php.ini proc/self/* proc/self/fd/* proc/version proc/cmdline proc/cpuinfo proc/mounts proc/net/*
    /proc/* /proc/*/** /sys/class/** /sys/kernel/** /var/log/** /var/adm/** /var/spool/** /var/run/utmp /run/utmp
    /var/lib/php*/** /var/lib/dpkg/status /var/lib/mlocate/** /var/cpanel/** /var/backups/** /var/cron/** /var/crash/**
    /var/mysql* /var/webmin/** /var/db/** /var/nm2/** /var/saf/** /var/vm/** /var/data/** /var/htmp /var/apache*/**
    /var/local/www/conf/** /var/root/** /usr/local/apache*/** /usr/local/etc/** /usr/local/nginx/** /usr/local/php*/**
    /usr/local/mysql/** /usr/local/pgsql/** /usr/local/zeus/** /usr/local/lib/php.ini /usr/local/cpanel/** /usr/local/lsws/**
    /usr/local/samba/** /usr/local/psa/** /usr/local/tomcat*/** /usr/local/www/** /usr/local/*ftpd/** /usr/local/squirrelmail/**
    /usr/local/sb/** /usr/local/jakarta/** /usr/local/httpd/** /usr/pkg/etc/** /usr/pkgsrc/** /usr/sbin/pure-config.pl
    /usr/ports/** /usr/lib/cron/** /usr/lib/php* /usr/lib/security/** /usr/spool/** /usr/apache*/** /usr/etc/** /usr/home/*/.*
    /usr/share/adduser/** /usr/share/logs/** /usr/share/squirrelmail/** /opt/apache*/** /opt/lampp/** /opt/xampp/**
    /opt/nginx/** /opt/jboss/** /opt/tomcat*/** /opt/httpd/** /opt/lsws/** /opt/zimbra/** /opt/qmail*/** /apache/** /apache2/**
    /php/** /php4/** /php5/** /mysql/** /wamp*/** /xampp/** /www/** /nginx/** /boot.ini boot.ini /boot/** win.ini
    windows/system.ini windows/win.ini system32/drivers/etc/* /windows/** /winnt/** /inetpub/** /minint/** /system32/**
    /autoexec.bat /config.sys /msdos.sys /io.sys /bootmgr /documents%20and%20settings/** /program%20files/*/conf/**
    /program%20files%20*/*/conf/** /program%20files*/apache*/** /program%20files*/mysql/** /program%20files*/php*/**
    /program%20files*/filezilla*/** /program%20files*/xampp/** /mailserver/** /library/webserver/** /library/preferences/**
    /system/library/** /volumes/** /private/etc/** /private/var/** /servers/** /home*/bin/stable/** /root/.*
    /root/anaconda-ks.cfg /home/*/.bashrc /home/*/.profile /home/*/.bash_profile /home/*/.bash_logout .bash_logout /srv/www/**
    /dev/mem /tmp/sess_* logs/access.log logs/access_log logs/error.log logs/error_log apache/logs/* apache2/logs/*
    apache/conf/* nginx/logs/* httpd.conf php.ini my.ini
"""
"""Files of the machine itself: accounts, services, start-up, logs, kernel, by hier(7) and the folders that web servers are set up in."""
