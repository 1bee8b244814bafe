// {{mark}}
// Every tool call is decided before it runs, every result before the model reads it. Whatever fails, refuses by throwing.
import { spawn } from "node:child_process"

const COMMAND = {{command}}
const PATIENCE = 30000

function ask(event, payload) {
  return new Promise((resolve, reject) => {
    const refuse = (why) => reject(new Error(`Referee could not decide, so it refuses: ${why}`))
    const said = []
    let hook, text
    try {
      text = JSON.stringify({ ...payload, hook: event })
      hook = spawn(COMMAND[0], [...COMMAND.slice(1), "--event", event], { stdio: ["pipe", "pipe", "ignore"] })
    } catch {
      return refuse("the hook could not be started")
    }
    const timer = setTimeout(() => {
      hook.kill("SIGKILL")
      hook.stdout.destroy()
      hook.stdin.destroy()
      refuse("the hook took too long")
    }, PATIENCE)
    hook.on("error", () => {
      clearTimeout(timer)
      refuse("the hook could not be started")
    })
    hook.on("close", (code) => {
      clearTimeout(timer)
      if (code !== 0) return refuse("the hook broke")
      try {
        resolve(JSON.parse(Buffer.concat(said).toString("utf8")))
      } catch {
        refuse("the hook gave no answer")
      }
    })
    hook.stdout.on("data", (piece) => said.push(piece))
    hook.stdin.on("error", () => {})
    hook.stdin.end(text)
  })
}

function replace(target, value) {
  for (const key of Object.keys(target)) delete target[key]
  Object.assign(target, value)
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value)

function refusal(answer) {
  const known = isObject(answer) && answer.effect === "deny" && typeof answer.reason === "string"
  return new Error(known ? answer.reason : "Referee gave an answer that is not known, so this is refused")
}

export const Referee = async ({ directory, worktree } = {}) => ({
  "tool.execute.before": async (input, output) => {
    const { tool, sessionID, callID } = input
    const answer = await ask("tool.execute.before", { tool, sessionID, callID, directory, worktree, args: output.args })
    if (isObject(answer) && answer.effect === "allow") return
    if (!isObject(answer) || answer.effect !== "change" || !isObject(answer.args)) throw refusal(answer)
    replace(output.args, answer.args)
  },
  "tool.execute.after": async (input, output) => {
    const { tool, sessionID, callID, args } = input
    const plain = typeof output.output === "string"
    const result = plain ? output.output : { ...output }
    const withhold = (problem) => {
      replace(output, plain ? { title: "", output: problem.message, metadata: {} } : { content: [{ type: "text", text: problem.message }] })
      return problem
    }
    let answer
    try {
      answer = await ask("tool.execute.after", { tool, sessionID, callID, directory, worktree, args: args ?? {}, output: result })
    } catch (problem) {
      throw withhold(problem)
    }
    if (isObject(answer) && answer.effect === "allow") return
    const changed = isObject(answer) && answer.effect === "change"
    if (changed && plain && typeof answer.output === "string") output.output = answer.output
    else if (changed && !plain && isObject(answer.output)) replace(output, answer.output)
    else throw withhold(refusal(answer))
  },
})
