//! Peers cedar-policy and cedar-policy-sliced: claims in the context, the route as the resource, policies parsed once.
//!
//! is_authorized evaluates every policy it is given. What is called sliced gives it only those that can apply to the
//! route, as a host does that keeps a set for each.
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet, Request,
    ResourceConstraint, RestrictedExpression,
};
use frame::{read_beside, read_json_lines, serve, verdict, Outcome, Task};
use serde_json::{json, Value};
use std::collections::HashMap;
use std::rc::Rc;

struct Prepared {
    request: Request,
    policies: Rc<PolicySet>,
}

fn uid(type_name: &str, id: &str) -> Outcome<EntityUid> {
    Ok(EntityUid::from_type_name_and_id(type_name.parse::<EntityTypeName>()?, id.parse()?))
}

fn texts(values: impl IntoIterator<Item = String>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.into_iter().map(RestrictedExpression::new_string))
}

fn expression(value: &Value) -> Outcome<RestrictedExpression> {
    match value {
        Value::String(text) => Ok(RestrictedExpression::new_string(text.clone())),
        Value::Number(number) => Ok(RestrictedExpression::new_long(number.as_i64().ok_or("no integer")?)),
        Value::Array(all) => Ok(texts(all.iter().filter_map(Value::as_str).map(str::to_string))),
        _ => Err("a claim of an unknown kind".into()),
    }
}

/// The claims, and the scopes apart, as every contestant has them.
fn context_of(claims: &Value) -> Outcome<Context> {
    let claims = claims.as_object().ok_or("no claims")?;
    let mut members = Vec::new();
    for (name, value) in claims {
        members.push((name.clone(), expression(value)?));
    }
    let scopes = claims["scope"].as_str().ok_or("no scope")?.split_whitespace().map(str::to_string);
    members.push(("scopes".to_string(), texts(scopes)));
    Ok(Context::from_pairs(members)?)
}

fn request_of(line: &Value) -> Outcome<Request> {
    let text = |value: &Value| value.as_str().map(str::to_string).ok_or("no text");
    let principal = uid("User", &text(&line["claims"]["sub"])?)?;
    let action = uid("Action", &text(&line["method"])?)?;
    let resource = uid("Route", &text(&line["route"])?)?;
    Ok(Request::new(principal, action, resource, context_of(&line["claims"])?, None)?)
}

/// A set for each route, with what applies everywhere in all of them.
struct Slices {
    by_route: HashMap<EntityUid, Rc<PolicySet>>,
    everywhere: Rc<PolicySet>,
}

impl Slices {
    fn of(whole: &PolicySet) -> Outcome<Slices> {
        let (mut everywhere, mut by_route) = (Vec::new(), HashMap::<EntityUid, Vec<Policy>>::new());
        for policy in whole.policies() {
            match policy.resource_constraint() {
                ResourceConstraint::Eq(route) => by_route.entry(route).or_default().push(policy.clone()),
                _ => everywhere.push(policy.clone()),
            }
        }
        let mut sets = HashMap::new();
        for (route, policies) in by_route {
            let all = policies.into_iter().chain(everywhere.iter().cloned());
            sets.insert(route, Rc::new(PolicySet::from_policies(all)?));
        }
        Ok(Slices { by_route: sets, everywhere: Rc::new(PolicySet::from_policies(everywhere)?) })
    }

    fn slice_for(&self, route: &EntityUid) -> Rc<PolicySet> {
        self.by_route.get(route).unwrap_or(&self.everywhere).clone()
    }
}

/// A policy a line.
fn read_policies(text: &str) -> Outcome<PolicySet> {
    let mut policies = Vec::new();
    for (row, line) in text.lines().enumerate() {
        policies.push(Policy::parse(Some(PolicyId::new(format!("rule-{row}"))), line)?);
    }
    Ok(PolicySet::from_policies(policies)?)
}

fn prepare(contestant: &str, requests: &str) -> Outcome<Task> {
    let whole = Rc::new(read_policies(&read_beside(requests, "policy.cedar")?)?);
    let slices = if contestant == "cedar-policy-sliced" { Some(Slices::of(&whole)?) } else { None };
    let mut inputs = Vec::new();
    for line in read_json_lines(requests)? {
        let request = request_of(&line)?;
        let route = request.resource().ok_or("no resource")?;
        let policies = slices.as_ref().map_or(whole.clone(), |slices| slices.slice_for(route));
        inputs.push(Prepared { request, policies });
    }
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    let is_allowed = move |input: &Prepared| {
        let response = authorizer.is_authorized(&input.request, &input.policies, &entities);
        std::hint::black_box(&response).decision() == Decision::Allow
    };
    Ok(Task::new(inputs, is_allowed.clone(), move |input| verdict(is_allowed(input))))
}

fn main() -> Outcome<()> {
    serve(json!({"cedar-policy": "4.14.1"}), "decide_rules", prepare)
}
