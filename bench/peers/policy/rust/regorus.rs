//! Peer regorus: bench/peers/policy/gate.rego compiled for its virtual machine, which keeps its data; only the input is
//! set for each request, as its own benchmark does.
use frame::{read_beside, read_json_lines, serve, verdict, Outcome, Task};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};
use serde_json::json;

const ENTRY: &str = "data.gate.allow";

fn machine(rules: &str) -> Outcome<RegoVM> {
    let mut engine = Engine::new();
    engine.add_policy("gate.rego".into(), std::fs::read_to_string("bench/peers/policy/gate.rego")?)?;
    let data = Value::from_json_str(rules)?;
    engine.add_data(data.clone())?;
    let compiled = engine.compile_with_entrypoint(&Rc::from(ENTRY))?;
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY])?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_data(data)?;
    Ok(machine)
}

/// The claims, and the scopes apart, as every contestant has them.
fn input_of(line: &serde_json::Value) -> Outcome<Value> {
    let scopes: Vec<&str> = line["claims"]["scope"].as_str().ok_or("no scope")?.split_whitespace().collect();
    let input = json!({"route": line["route"], "claims": line["claims"], "scopes": scopes});
    Ok(Value::from_json_str(&input.to_string())?)
}

fn is_allowed(machine: &mut RegoVM, input: &Value) -> bool {
    machine.set_input(input.clone());
    matches!(machine.execute(), Ok(Value::Bool(true)))
}

fn prepare(_: &str, requests: &str) -> Outcome<Task> {
    let rules = read_beside(requests, "rules.json")?;
    let (mut telling, mut judging) = (machine(&rules)?, machine(&rules)?);
    let inputs = read_json_lines(requests)?.iter().map(input_of).collect::<Outcome<Vec<_>>>()?;
    let tell = move |input: &Value| {
        telling.set_input(input.clone());
        match telling.execute() {
            Ok(Value::Bool(allowed)) => verdict(allowed),
            Ok(other) => format!("neither: {other}"),
            Err(error) => format!("error: {error}"),
        }
    };
    Ok(Task::new(inputs, move |input| is_allowed(&mut judging, input), tell))
}

fn main() -> Outcome<()> {
    serve(json!({"regorus": "0.14.1, its virtual machine"}), "decide_rules", prepare)
}
