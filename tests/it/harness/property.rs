use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;

/// Checks this many random values, and shrinks the first that fails.
pub fn for_all<S: Strategy>(cases: u32, values: &S, check: impl Fn(S::Value)) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(values, |value| {
        check(value);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// The same for a check that talks to a server. Needs a runtime with several threads.
pub fn for_all_async<S: Strategy>(cases: u32, values: &S, check: impl AsyncFn(S::Value)) {
    let handle = Handle::current();
    tokio::task::block_in_place(|| {
        for_all(cases, values, |value| handle.block_on(check(value)));
    });
}
