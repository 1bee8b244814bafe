"""Python functions under a policy: what is refused does not run, what is redacted does not reach the model."""

from referee import ApprovalRequired, Denied, Policy

POLICY = """
version: 1
default: deny
policies:
  - {id: lookup, when: {tool: get_customer}, action: allow}
  - {id: small, when: {tool: refund, args.amount: {lte: 100}}, action: allow}
  - id: large
    when: {tool: refund, args.amount: {gt: 100}}
    action: require_approval
    approvers: [finance]
    message: finance decides about refunds over 100
  - {id: no-cards, phase: post, action: redact, kinds: [credit_card]}
"""

policy = Policy.load(POLICY)

with policy.session(agent="support-1") as session:

    @session.guard
    def get_customer(name: str) -> dict[str, str]:
        return {"name": name, "card": "4111 1111 1111 1111"}

    @session.guard
    def refund(order: str, amount: int) -> str:
        return f"refunded {amount} for {order}"

    @session.guard
    def delete_customer(name: str) -> None:
        raise AssertionError(name)

    print(get_customer("Ann"))
    print(refund("A1", 40))
    try:
        refund("A1", 700)
    except ApprovalRequired as question:
        print(f"asked: {question}")
        policy.approvals.approve(question.approval_id, by="carol", roles=["finance"])
        print(refund("A1", 700))
    try:
        delete_customer("Ann")
    except Denied as refusal:
        print(f"refused: {refusal}")
