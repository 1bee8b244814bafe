"""What other kinds of files there are: program text, tests, documents, sensitive parts of a project, agents' settings.

Rule 1: the notation is that of ``classes``.
Rule 2: ``agent_config`` is whatever tells a coding agent, or the hook that guards it, what to do.
"""

from __future__ import annotations

from typing import Final

PLACES: Final[dict[str, str]] = {
    "source": """
        *.py *.js *.mjs *.cjs *.ts *.tsx *.jsx *.go *.rs *.java *.kt *.c *.cc *.cpp *.h *.hpp *.cs *.rb *.php *.swift *.scala
        *.sh *.bash *.zsh *.pl *.lua *.ex *.exs *.erl *.hs *.clj *.dart *.vue *.svelte *.sql *.css *.scss *.html *.r *.m *.mm
        *.zig *.ps1 *.pyi *.sass *.less *.mts *.cts *.fs *.fsx *.vb *.jl *.nim *.cr *.d *.groovy *.gradle *.kts *.cu *.asm *.s
        *.proto *.graphql *.sol *.v *.sv *.vhd *.f90 *.ml *.mli *.elm *.purs *.astro *.hxx *.hh *.cxx *.ipynb *.rego *.cedar
    """,
    "test": """
        test/** tests/** spec/** specs/** __tests__/** testdata/** fixtures/** test_*.py *_test.* *.test.* *.spec.* conftest.py
        *_spec.rb e2e/** __snapshots__/** cypress/** playwright/** *_test *test.java *tests.cs *test.kt *_test.go test_*.rb
        *.feature
    """,
    "docs": """
        docs/** doc/** *.md *.mdx *.rst *.adoc readme* changelog* license* contributing* *.asciidoc *.textile man/**
        authors* notice* codeofconduct* code_of_conduct* security.md
    """,
    "auth": """
        auth/** authn/** authz/** authentication/** authorization/** oauth/** oauth2/** iam/** rbac/** login/** sso/** saml/**
        permissions/** auth.* *_auth.* *-auth.* auth_* auth-* oauth.* login.* jwt.* permissions.* passwords.py session*.py
    """,
    "payment": """
        payment/** payments/** billing/** invoicing/** checkout/** stripe/** payouts/** payment*.* billing*.* checkout.*
        stripe*.* invoice*.* refund*.* subscription*.*
    """,
    "infra": """
        *.tf *.tfvars *.hcl terraform/** infra/** infrastructure/** k8s/** kubernetes/** helm/** charts/** ansible/** pulumi/**
        pulumi.*.yaml pulumi.yaml cloudformation/** cdk.json dockerfile dockerfile.* *.dockerfile docker-compose*.y*ml
        compose.y*ml kustomization.y*ml chart.yaml nginx.conf serverless.y*ml vagrantfile packer/** *.bicep *.tf.json *.nomad
        *.pkr.hcl containerfile containerfile.* terragrunt.hcl ansible.cfg playbook*.y*ml *.playbook.yml helmfile.y*ml
        values*.y*ml docker/** cloud-init* *.cfn.y*ml template.y*ml sam.y*ml cdk/** crossplane/** flux/** envoy.y*ml
        traefik.y*ml traefik.toml caddyfile haproxy.cfg systemd/** *.service *.timer
    """,
    "ci_cd": """
        .github/workflows/** .github/actions/** .gitlab-ci.yml .gitlab/ci/** jenkinsfile jenkinsfile.* .circleci/** .travis.yml
        azure-pipelines*.yml .buildkite/** .drone.yml bitbucket-pipelines.yml cloudbuild.y*ml .woodpecker/** .woodpecker.yml
        .tekton/** appveyor.yml buildspec.y*ml .git/hooks/* .husky/** .pre-commit-config.yaml .ci/** .azure-pipelines/**
        azure-pipelines/** .github/dependabot.yml .github/codeowners codeowners .gitlab-ci/** *.gitlab-ci.yml .teamcity/**
        .semaphore/** .cirrus.yml .cirrus.star .lefthook.yml lefthook.yml .pre-commit-hooks.yaml renovate.json
        .github/renovate.json bitrise.yml codemagic.yaml .harness/** .gitea/workflows/** .forgejo/workflows/**
        dagger.json earthfile concourse/** .githooks/** .goreleaser.y*ml .releaserc* .semgrep.yml
    """,
    "migration": """
        migrations/** migration/** migrate/** alembic/** alembic.ini flyway/** liquibase/** schema.prisma db/schema.rb
        db/structure.sql migrations.* db/migrate/** prisma/migrations/** *.migration.ts *.migration.sql *_migration.*
        changelog.xml knexfile.* supabase/migrations/**
    """,
    "deployment": """
        deploy/** deployment/** deployments/** deploy.* deploy-* deployment*.y*ml release.sh procfile fly.toml vercel.json
        netlify.toml app.yaml render.yaml argocd/** skaffold.yaml capfile ecosystem.config.js appspec.y*ml deploys/** fly.*.toml
        wrangler.toml wrangler.json* railway.json railway.toml now.json heroku.yml apprunner.y*ml .ebextensions/**
        .elasticbeanstalk/** .do/app.y*ml rollout*.y*ml *-deployment.y*ml *_deployment.y*ml deployer.php
        fastfile fastlane/** release.y*ml .kamal/** kamal.yml config/deploy.y*ml config/deploy/** dokku* captain-definition
    """,
    "backup": """
        backup/** backups/** .backup/** *.bak *.backup *.dump *.sql.gz *_backup.* *-backup.* backup-* backup_* backup.* *.old
        snapshots/** *.bkp *.bck *.bkf *.sql.bz2 *.sql.xz *.sql.zst *.sql.zip *.tib *.vbk *.pgdump *.rdb *.aof
        *.wbk .snapshots/** *.snapshot.tar restic/** borg/** time%20machine/**
    """,
    "data_export": """
        exports/** export/** data_export* data-export* *_export.csv *-export.csv *_export.xlsx *_export.json export_*.csv
        export-*.csv customers*.csv users*.csv *_dump.csv customers*.xlsx *dump*.sql mysqldump* pg_dump* *.sql.dump *_export.sql
        export.csv export.xlsx exports.zip *_export.zip *-export.zip customer_data* customer-data*
        user_data*.csv user_data*.json user-data*.csv clients*.csv contacts*.csv members*.csv patients*.csv employees*.csv
        subscribers*.csv orders*.csv transactions*.csv payroll*.csv payroll*.xls* salaries*.csv salaries*.xls* leads*.csv *.mbox
        *.vcf takeout-*.zip *_pii.* *-pii.* database.sql db.sql backup.sql
    """,
    "agent_config": """
        .claude .claude/settings*.json .claude/hooks/** .claude/agents/** .claude/commands/** .claude/skills/**
        .claude/plugins/** .claude/output-styles/** .claude/rules/** .claude.json .claude/*.json .claude/*.md claude.md
        claude.local.md .mcp.json mcp.json *.mcp.json claude_desktop_config.json managed-settings.json managed-mcp.json
        etc/claude-code/** claudecode/** application%20support/claude/** .claude-plugin/** .codex .codex/** agents.md
        agents.override.md etc/codex/** .agents/** agent.md .gemini .gemini/** gemini.md .geminiignore gemini-extension.json
        etc/gemini-cli/** geminicli/** .copilot .copilot/** .config/github-copilot/** .github/copilot-instructions.md
        .github/hooks/** .github/instructions/** .github/prompts/** .github/chatmodes/** .github/agents/** .github/copilot/**
        .github/copilot*.yml .github/skills/** copilot-setup-steps.yml .vscode/mcp.json .vscode/settings.json .vscode/tasks.json
        .cursor .cursor/** .cursorrules .cursorignore .cursorindexingignore etc/cursor/** application%20support/cursor/user/**
        .config/cursor/** cursor/hooks.json .windsurf .windsurf/** .windsurfrules .codeiumignore .codeium/** etc/windsurf/**
        windsurf/hooks.json application%20support/windsurf/** .devin/** .clinerules .clinerules/** .clineignore .cline .cline/**
        documents/cline/** cline_mcp_settings.json saoudrizwan.claude-dev/** opencode.json opencode.jsonc .opencode .opencode/**
        .config/opencode/** etc/opencode/** .opencode.json .aider* .continue/** .continuerc.json .continueignore .roo/**
        .roomodes .roorules* .rooignore .kilocode/** .kilocodemodes .kiro/** .junie/** .augment/** .augment-guidelines
        .amazonq/** .aws/amazonq/** .qwen/** qwen.md .crush.json crush.json .config/crush/** .trae/** .factory/** .openhands/**
        .goosehints .config/goose/** .zed/settings.json .warp/** warp.md .ampcode/** .config/amp/** .rules .tabnine/**
        .supermaven/** .void/** .idx/airules.md replit.md .replit .referee .referee/** referee.y*ml referee.toml
        *.referee.y*ml policy.y*ml policies/*.y*ml .config/referee/** etc/referee/** application%20support/referee/**
        .local/share/referee/** .local/state/referee/** .cache/referee/** referee/hook-* referee-*/hook-* tmp/referee-*
        run/user/*/referee bin/referee site-packages/referee/** dist-packages/referee/** tools/referee/** venvs/referee/**
        site-packages/*.pth dist-packages/*.pth site-packages/sitecustomize.py site-packages/usercustomize.py
        .claude/settings.json .claude/settings.local.json .codex/config.toml .codex/hooks.json .gemini/settings.json
        .cursor/hooks.json .windsurf/hooks.json
    """,
}
