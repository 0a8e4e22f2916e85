//! Peer matchit: a router for each method, as frameworks on top of it have.
use frame::{read_beside, read_routes, serve, Outcome, Task};
use matchit::Router;
use serde_json::json;
use std::collections::HashMap;
use std::rc::Rc;

type Routers = Rc<HashMap<String, Router<usize>>>;

struct Request {
    routers: Routers,
    method: String,
    path: String,
}

impl Request {
    fn route(&self) -> Option<usize> {
        let found = self.routers.get(&self.method)?.at(&self.path).ok()?;
        std::hint::black_box(&found.params);
        Some(*found.value)
    }
}

fn routers_of(table: &str) -> Outcome<Routers> {
    let mut routers: HashMap<String, Router<usize>> = HashMap::new();
    for (row, (method, path)) in read_routes(table)?.into_iter().enumerate() {
        routers.entry(method).or_default().insert(path, row)?;
    }
    Ok(Rc::new(routers))
}

fn prepare(_: &str, requests: &str) -> Outcome<Task> {
    let routers = routers_of(&read_beside(requests, "routes.txt")?)?;
    let lines = read_routes(&std::fs::read_to_string(requests)?)?;
    let inputs = lines.into_iter().map(|(method, path)| Request { routers: routers.clone(), method, path }).collect();
    let tell = |request: &Request| request.route().map_or("none".to_string(), |row| format!("r{row}"));
    Ok(Task::new(inputs, |request| std::hint::black_box(request.route()).is_some(), tell))
}

fn main() -> Outcome<()> {
    serve(json!({"matchit": "0.9.2"}), "match_route", prepare)
}
