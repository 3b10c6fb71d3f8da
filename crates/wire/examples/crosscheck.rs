use std::io::BufRead;
use cognate_wire::{shape::{validate, Refusal}, idp, Facts};
fn main() {
    let mut n = 0; let mut bad = 0; 
    let t = std::time::Instant::now(); let mut spent = std::time::Duration::ZERO;
    for line in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let f = Facts::find(idp::FACTS, v["o"].as_str().unwrap()).unwrap();
        let s = std::time::Instant::now();
        let got = match validate(f.input, &v["b"]) { Ok(()) => ("".to_string(), "".to_string()), Err(Refusal::Type(m)) => ("SerializationException".into(), m), Err(Refusal::Constraint(m)) => ("InvalidParameterException".into(), m) };
        spent += s.elapsed();
        n += 1;
        if got.0 != v["e"].as_str().unwrap() || got.1 != v["m"].as_str().unwrap() { bad += 1; if bad < 15 { println!("{} {} \n exp {}\n got {} {}", v["o"], v["k"], v["m"], got.0, got.1); } }
    }
    println!("{n} compared, {bad} differ, validate {spent:?} of {:?}", t.elapsed());
}
