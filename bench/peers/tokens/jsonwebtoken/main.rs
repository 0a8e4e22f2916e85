//! Peer jsonwebtoken: `decode` as its README shows it, into a struct of the claims, with the key and the rules made
//! beforehand. It takes the time from the system and can be given no other; the shop's tokens are good at one time only,
//! so its leeway is the time since then.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{decode, get_current_timestamp, Algorithm, DecodingKey, Validation};
use serde_json::{json, Value};
use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Write};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    exp: u64,
    iat: Option<u64>,
    jti: Option<String>,
    client_id: Option<String>,
    scope: Option<String>,
    tier: Option<String>,
    groups: Option<Vec<String>>,
}

struct Shop {
    keys: HashMap<&'static str, DecodingKey>,
    now_s: u64,
}

const ALGORITHMS: [(&str, Algorithm); 5] = [
    ("RS256", Algorithm::RS256),
    ("ES256", Algorithm::ES256),
    ("EdDSA", Algorithm::EdDSA),
    ("PS256", Algorithm::PS256),
    ("HS256", Algorithm::HS256),
];

struct Prepared {
    token: String,
    key: DecodingKey,
    rules: Validation,
}

fn read_json(path: &str) -> Outcome<Value> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

impl Shop {
    fn load() -> Outcome<Shop> {
        let mut keys = HashMap::new();
        for file in ["examples/shop/keys.json", "bench/data/keys.json"] {
            let set: JwkSet = serde_json::from_value(read_json(file)?)?;
            for jwk in &set.keys {
                let named = jwk.common.key_algorithm.map(|algorithm| algorithm.to_string());
                if let Some((name, _)) = ALGORITHMS.iter().find(|(name, _)| named.as_deref() == Some(name)) {
                    keys.entry(*name).or_insert(DecodingKey::from_jwk(jwk)?);
                }
            }
        }
        keys.insert("HS256", DecodingKey::from_secret(&std::fs::read("bench/data/secret.txt")?));
        let now_s = read_json("examples/shop/cases.json")?["now"].as_u64().ok_or("no time")?;
        Ok(Shop { keys, now_s })
    }

    /// The key of the token's algorithm, or any.
    fn prepare(&self, path: &str) -> Outcome<Prepared> {
        let token = std::fs::read_to_string(path)?;
        let header = jsonwebtoken::decode_header(&token).ok();
        let (name, algorithm) = ALGORITHMS
            .into_iter()
            .find(|(_, known)| header.as_ref().map(|header| header.alg) == Some(*known))
            .unwrap_or(ALGORITHMS[0]);
        let mut rules = Validation::new(algorithm);
        rules.set_issuer(&["https://id.shop.example"]);
        rules.set_audience(&["https://api.shop.example"]);
        rules.set_required_spec_claims(&["exp", "iss", "aud"]);
        rules.leeway = get_current_timestamp().saturating_sub(self.now_s);
        Ok(Prepared { token, key: self.keys[name].clone(), rules })
    }
}

impl Prepared {
    fn is_good(&self) -> bool {
        std::hint::black_box(decode::<Claims>(&self.token, &self.key, &self.rules)).is_ok()
    }
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

struct Worker {
    shop: Shop,
    tasks: Vec<Vec<Prepared>>,
}

impl Worker {
    fn answer(&mut self, line: &str) -> Outcome<Value> {
        let request: Value = serde_json::from_str(line)?;
        match request["do"].as_str() {
            Some("hello") => Ok(json!({"jsonwebtoken": "11.1.0, aws_lc_rs"})),
            Some("prepare") if request["operation"] == "verify_token" => {
                let names = request["inputs"].as_array().ok_or("no inputs")?;
                let paths = names.iter().filter_map(|name| name.as_str());
                self.tasks.push(paths.map(|path| self.shop.prepare(path)).collect::<Outcome<_>>()?);
                Ok(json!({"task": self.tasks.len() - 1, "size": names.len()}))
            }
            Some("run") => {
                let task = &self.tasks[request["task"].as_u64().ok_or("no task")? as usize];
                let begin = thread_time_ns();
                let mut accepted = 0;
                for _ in 0..request["rounds"].as_u64().ok_or("no rounds")? {
                    accepted += task.iter().filter(|prepared| prepared.is_good()).count();
                }
                Ok(json!({"ns": thread_time_ns() - begin, "accepted": accepted}))
            }
            _ => Err("unknown request".into()),
        }
    }
}

fn main() -> Outcome<()> {
    let mut worker = Worker { shop: Shop::load()?, tasks: Vec::new() };
    for line in std::io::stdin().lock().lines() {
        let answer = worker.answer(&line?).unwrap_or_else(|error| json!({"error": error.to_string()}));
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
