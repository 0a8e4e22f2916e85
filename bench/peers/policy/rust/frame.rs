//! What the three programs share: the protocol of bench/README.md, and the files of bench/data/make_*.py.
use serde_json::{json, Value};
use std::error::Error;
use std::io::{BufRead, Write};

pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Inputs that are ready, and what judges all of them once and says how many it accepts.
pub struct Task {
    size: usize,
    judge_all: Box<dyn FnMut() -> usize>,
    facts: Vec<String>,
}

impl Task {
    /// `judge` is what is measured; `tell` makes the line of facts.
    pub fn new<Input: 'static>(
        inputs: Vec<Input>,
        mut judge: impl FnMut(&Input) -> bool + 'static,
        tell: impl FnMut(&Input) -> String,
    ) -> Task {
        let facts = inputs.iter().map(tell).collect();
        let size = inputs.len();
        let judge_all = Box::new(move || inputs.iter().filter(|input| judge(input)).count());
        Task { size, judge_all, facts }
    }
}

/// The file `name` in the folder of `requests`.
pub fn read_beside(requests: &str, name: &str) -> Outcome<String> {
    let path = std::path::Path::new(requests).with_file_name(name);
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// "METHOD /path" a line.
pub fn read_routes(text: &str) -> Outcome<Vec<(String, String)>> {
    let split = |line: &str| line.split_once(' ').map(|(method, path)| (method.to_string(), path.to_string()));
    text.lines().map(|line| split(line).ok_or_else(|| format!("no route: {line}").into())).collect()
}

pub fn read_json_lines(path: &str) -> Outcome<Vec<Value>> {
    let text = std::fs::read_to_string(path)?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

pub fn verdict(is_allowed: bool) -> String {
    if is_allowed { "allow" } else { "deny" }.to_string()
}

/// Time this thread has worked.
fn thread_time_ns() -> i64 {
    #[repr(C)]
    struct Time(i64, i64);
    extern "C" {
        fn clock_gettime(clock: i32, time: *mut Time) -> i32;
    }
    let mut time = Time(0, 0);
    unsafe { clock_gettime(3, &mut time) }; // CLOCK_THREAD_CPUTIME_ID of Linux
    time.0 * 1_000_000_000 + time.1
}

fn run(task: &mut Task, rounds: u64) -> Value {
    let (begin, mut accepted) = (thread_time_ns(), 0);
    for _ in 0..rounds {
        accepted += (task.judge_all)();
    }
    json!({"ns": thread_time_ns() - begin, "accepted": accepted})
}

/// Answers requests until there are no more. `prepare` gets the contestant's name and the file of requests.
pub fn serve(about: Value, operation: &str, prepare: impl Fn(&str, &str) -> Outcome<Task>) -> Outcome<()> {
    let mut tasks: Vec<Task> = Vec::new();
    let mut answer = |line: &str| -> Outcome<Value> {
        let request: Value = serde_json::from_str(line)?;
        match request["do"].as_str() {
            Some("hello") => Ok(about.clone()),
            Some("prepare") if request["operation"] == operation => {
                let contestant = request["contestant"].as_str().ok_or("no contestant")?;
                let task = prepare(contestant, request["inputs"][0].as_str().ok_or("no input")?)?;
                tasks.push(task);
                let task = &tasks[tasks.len() - 1];
                Ok(json!({"task": tasks.len() - 1, "size": task.size, "facts": task.facts}))
            }
            Some("run") => {
                let number = request["task"].as_u64().ok_or("no task")? as usize;
                Ok(run(&mut tasks[number], request["rounds"].as_u64().ok_or("no rounds")?))
            }
            _ => Err("unknown request".into()),
        }
    };
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&line?).unwrap_or_else(|error| json!({"error": error.to_string()}));
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
