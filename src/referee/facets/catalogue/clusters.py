"""MCP servers for containers and clusters. Each tool is the command line that it saves, so that rules on those see it."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import PLAN, Family, entry

_RUN: Final = (
    "docker run --name=<name?> --network=<network?> --volume=<volumes?> --entrypoint=<entrypoint?> <image> <command?…>"
)
_CREATE: Final = _RUN.replace("docker run", "docker create")

DOCKER: Final = Family(
    name="docker",
    source="mcp-server-docker 0.3.0, mcp_server_docker/server.py",
    servers=("docker", "docker-mcp", "mcp-server-docker", "server-docker"),
    tools={
        "list_containers": entry("container.read", line="docker ps"),
        "fetch_container_logs": entry("container.read", line="docker logs <container_id>"),
        "list_images": entry("container.read", line="docker images"),
        "list_networks": entry("container.read", line="docker network ls"),
        "list_volumes": entry("container.read", line="docker volume ls"),
        "create_container": entry("container.write", line=_CREATE),
        "run_container": entry("container.write container.exec", line=_RUN),
        "recreate_container": entry("container.write container.delete container.exec", line=_RUN),
        "start_container": entry("container.write", line="docker start <container_id>"),
        "stop_container": entry("container.write", line="docker stop <container_id>"),
        "remove_container": entry("container.delete", line="docker rm --force<force!> <container_id>"),
        "pull_image": entry("container.write", line="docker pull <repository>"),
        "push_image": entry("container.write", line="docker push <repository>"),
        "build_image": entry("container.write", line="docker build --tag=<tag?> --file=<dockerfile?> <path>"),
        "remove_image": entry("container.delete", line="docker rmi --force<force!> <image>"),
        "create_network": entry("container.write", line="docker network create <name>"),
        "remove_network": entry("container.delete", line="docker network rm <network_id>"),
        "create_volume": entry("container.write", line="docker volume create <name>"),
        "remove_volume": entry("container.delete", line="docker volume rm --force<force!> <volume_name>"),
    },
)

_SPACE: Final = "--namespace=<namespace?> --context=<context?>"
_WHICH: Final = f"<resourceType?> <name?> --selector=<labelSelector?> {_SPACE}"

KUBERNETES: Final = Family(
    name="kubernetes",
    source="mcp-server-kubernetes 4.1.7, dist/tools",
    servers=("kubernetes", "k8s", "mcp-server-kubernetes", "kubectl"),
    tools={
        "kubectl_get": entry("cluster.read", line=f"kubectl get {_WHICH} --output=<output?>"),
        "kubectl_describe": entry("cluster.read", line=f"kubectl describe {_WHICH}"),
        "kubectl_logs": entry("cluster.read", line=f"kubectl logs {_WHICH}"),
        "explain_resource": entry("cluster.read", line="kubectl explain <resource?>"),
        "list_api_resources": entry("cluster.read", line="kubectl api-resources"),
        "kubectl_context": entry("cluster.read", line="kubectl config <operation?> <name?>"),
        "kubectl_apply": entry("cluster.write", line=f"kubectl apply --filename=<filename?> {_SPACE}"),
        "kubectl_create": entry("cluster.write", line=f"kubectl create <resourceType?> <name?> --filename=<filename?> {_SPACE}"),
        "kubectl_patch": entry("cluster.write", line=f"kubectl patch <resourceType?> <name?> --patch-file=<patchFile?> {_SPACE}"),
        "kubectl_scale": entry("cluster.write", line=f"kubectl scale --replicas=<replicas?> <resourceType?> <name?> {_SPACE}"),
        "kubectl_rollout": entry("cluster.write", line=f"kubectl rollout <subCommand?> <resourceType?> <name?> {_SPACE}"),
        "kubectl_delete": entry(
            "cluster.delete", line=f"kubectl delete --filename=<filename?> --force<force!> --all-namespaces<allNamespaces!> {_WHICH}"
        ),
        "kubectl_generic": entry(
            "cluster.write", line=f"kubectl <command> <subCommand?> <resourceType?> <name?> <flags?> <args?> {_SPACE}"
        ),
        "kubectl_reconnect": PLAN,
        "exec_in_pod": entry(
            "container.exec", line="kubectl exec <name> --namespace=<namespace?> --container=<container?> -- <command…>"
        ),
        "node_management": entry("cluster.write", line="kubectl <operation> <nodeName?> --force<force!>"),
        "port_forward": entry("cluster.write", line="kubectl port-forward <resourceType?> <resourceName?>"),
        "stop_port_forward": PLAN,
        "install_helm_chart": entry("cluster.write", line="helm install <name> <chart> --repo=<repo?> --values=<valuesFile?>"),
        "upgrade_helm_chart": entry("cluster.write", line="helm upgrade <name> <chart> --repo=<repo?> --values=<valuesFile?>"),
        "uninstall_helm_chart": entry("cluster.delete", line="helm uninstall <name>"),
        "ping": entry("cluster.read"),
    },
)  # fmt: skip
