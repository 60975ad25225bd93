//! Steps that are all taken, whatever becomes of the ones before, and a summary of them.

use std::{
    fmt,
    io::{BufRead, BufReader},
    process::{Command, ExitCode, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::tally::Tally;

/// The steps taken so far.
#[derive(Default)]
pub struct Steps(Vec<Step>);

struct Step {
    name: &'static str,
    outcome: Result<(), String>,
    tally: Option<Tally>,
    time: Duration,
}

impl Steps {
    /// Runs a command as a step.
    pub fn run(&mut self, name: &'static str, command: &mut Command) {
        self.take(name, |_| {
            command.status().map_err(|error| error.to_string())
        });
    }

    /// Runs a command that runs tests, and counts them.
    pub fn count(&mut self, name: &'static str, command: &mut Command) {
        self.take(name, |tally| {
            let mut child = command
                .stdout(Stdio::piped())
                .spawn()
                .map_err(|error| error.to_string())?;
            let sum = tally.insert(Tally::default());
            if let Some(stdout) = child.stdout.take() {
                for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
                    let line = String::from_utf8_lossy(&line);
                    *sum += Tally::of(&line);
                    println!("{line}");
                }
            }
            let status = child.wait().map_err(|error| error.to_string())?;
            if status.success() && *sum == Tally::default() {
                return Err("no test ran".to_owned());
            }
            Ok(status)
        });
    }

    /// A step that cannot be taken.
    pub fn fail(&mut self, name: &'static str, why: String) {
        self.take(name, |_| Err(why));
    }

    fn take(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Option<Tally>) -> Result<ExitStatus, String>,
    ) {
        println!("\n── {name}");
        let (start, mut tally) = (Instant::now(), None);
        let outcome = work(&mut tally).and_then(|status| {
            if status.success() {
                Ok(())
            } else {
                Err(status.to_string())
            }
        });
        let time = start.elapsed();
        self.0.push(Step {
            name,
            outcome,
            tally,
            time,
        });
    }

    /// Prints a line for each step and one for all. The exit code is 0 when no step failed.
    pub fn finish(self) -> ExitCode {
        println!();
        for step in &self.0 {
            println!("{step}");
        }
        println!("\n{}", self.sum());
        if self.0.iter().all(|step| step.outcome.is_ok()) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    /// Tests, where steps counted them, or else steps. A step that failed without a failed test
    /// counts as one.
    fn sum(&self) -> String {
        let mut sum = Tally::default();
        for step in &self.0 {
            let mut tally = step.tally.unwrap_or_default();
            if step.outcome.is_err() {
                tally.failed = tally.failed.max(1);
            } else if step.tally.is_none() {
                tally.passed = 1;
            }
            sum += tally;
        }
        format!("{} passed, {} failed", sum.passed, sum.failed)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.outcome.is_ok() {
            "ok    "
        } else {
            "FAILED"
        };
        let seconds = self.time.as_secs();
        write!(
            f,
            "{mark}  {:<24} {:>3} min {:02} s",
            self.name,
            seconds / 60,
            seconds % 60
        )?;
        if let Some(tally) = self.tally {
            write!(f, "  {} passed, {} failed", tally.passed, tally.failed)?;
        }
        if let Err(why) = &self.outcome {
            write!(f, "  {why}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn every_step_is_taken_and_one_failure_fails_all() {
        let mut steps = Steps::default();
        steps.run("first", &mut shell("exit 3"));
        steps.run("second", &mut shell("true"));
        steps.run("third", &mut Command::new("/no/such/program"));
        let outcomes: Vec<bool> = steps.0.iter().map(|step| step.outcome.is_ok()).collect();
        assert_eq!(outcomes, [false, true, false]);
        assert_eq!(steps.sum(), "1 passed, 2 failed");
        assert_eq!(steps.finish(), ExitCode::FAILURE);
    }

    #[test]
    fn tests_are_counted_as_they_go_by() {
        let mut steps = Steps::default();
        let result = "test result: ok. 4 passed; 0 failed; 0 ignored";
        steps.count(
            "tests",
            &mut shell(&format!("echo '{result}'; echo '{result}'")),
        );
        assert_eq!(steps.sum(), "8 passed, 0 failed");
        assert_eq!(steps.finish(), ExitCode::SUCCESS);
    }

    #[test]
    fn tests_that_do_not_build_or_do_not_run_have_failed() {
        let mut steps = Steps::default();
        steps.count("tests", &mut shell("exit 101"));
        steps.count("none", &mut shell("true"));
        assert_eq!(steps.sum(), "0 passed, 2 failed");
    }
}
