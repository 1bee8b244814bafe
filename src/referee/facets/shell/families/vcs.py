"""Version control: what rewrites recorded history, loses work that is recorded nowhere, and changes what git runs."""

from __future__ import annotations

from typing import Final

RULES: Final = """
git push [--force|-f|--force-with-lease|--mirror|--delete|-d|--prune|--force-if-includes] : vcs_history_rewrite network
git push ... +*|:* : vcs_history_rewrite network
git push ... http://*|https://*|ssh://*|git://*|ext::* : exfiltration
git push|pull|fetch|clone|ls-remote : network
git clone|fetch|pull|ls-remote|submodule ... ext::* : remote_code
git submodule update : network
git remote add|set-url : network
git remote remove|rm : work_loss
git send-pack [--force|-f|--mirror] : vcs_history_rewrite network
git send-pack ... +*|:* : vcs_history_rewrite network
git config ... remote.*.push|remote.*.mirror : vcs_history_rewrite
git config ... core.hookspath|core.hooksPath|core.fsmonitor|core.sshCommand|core.sshcommand|core.pager|core.editor|\
credential.helper|include.path|includeIf.*|\
init.templatedir|init.templateDir|filter.* : persistence
git filter-branch|filter-repo|replace : vcs_history_rewrite
git reflog expire|delete : vcs_history_rewrite
git gc [--prune] : vcs_history_rewrite
git prune : vcs_history_rewrite
git update-ref [-d|--delete] : vcs_history_rewrite
git lfs prune : work_loss
git reset [--hard|--merge|--keep] : work_loss
git branch [-D|-f|--force|-M|-C] : work_loss
git branch [-d|--delete] [-f|--force] : work_loss
git tag [-d|--delete|-f|--force] : work_loss
git stash drop|clear : work_loss
git clean [-f|--force] [!-n] : work_loss delete
git checkout [--|-f|--force|.] : work_loss
git checkout ... . : work_loss
git checkout [--ours|--theirs] : work_loss
git restore [!--staged|-S] : work_loss
git restore [--worktree|-W] : work_loss
git switch [-f|--force|--discard-changes] : work_loss
git read-tree [--reset|-u] : work_loss
git checkout-index [-f|--force] : work_loss
git rm [!--cached] : delete
git rm [-r] [!--cached] : work_loss
git worktree remove [-f|--force] : work_loss
git worktree prune : delete
git submodule deinit [-f|--force] : work_loss
git sparse-checkout set : write
git commit [-n|--no-verify] : protection_off
git {core.hooksPath=*|core.hookspath=*} : protection_off
git push [--no-verify] : protection_off
git config : write
git credential fill : credential_access
git credential-store|credential-cache ... get : credential_access
git daemon|instaweb : network
hub push [--force|-f|--force-with-lease|--mirror|--delete|-d|--prune] : vcs_history_rewrite network
hub delete : infrastructure_destroy
hg push [-f|--force] : vcs_history_rewrite network
hg strip|rollback|histedit : vcs_history_rewrite
hg update|revert [-C|--clean|--all|-a] : work_loss
hg purge : work_loss delete
svn delete|rm : delete
svn revert [-R|--recursive] : work_loss
svnadmin setrevprop|load : vcs_history_rewrite
jj abandon|op : work_loss
bfg : vcs_history_rewrite
gh auth token : credential_access
gh auth status [-t|--show-token] : credential_access
gh api ... */git/refs* [-X|--method] : vcs_history_rewrite network
gh|glab api {DELETE|delete|-XDELETE|--method=DELETE|--method=delete} : service_change
gh repo delete|archive|rename|edit : infrastructure_destroy
gh repo sync [--force] : vcs_history_rewrite
gh release|secret|ssh-key|gpg-key|variable|run|cache|label|issue|gist|codespace|cs|project|workflow delete|remove|\
disable|delete-asset : infrastructure_destroy
gh extension install : remote_code
gh secret|variable set : service_change
gh release create|upload : deploy
gh pr merge : deploy
gh pr close|review : service_change
gh workflow run : deploy
gh gist create : network exfiltration
gh : network
glab repo delete|archive|transfer : infrastructure_destroy
glab release create : deploy
""".strip()
