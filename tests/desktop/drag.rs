//! A drag and drop as the window system does it: another program's window, a pointer, a button.

use std::{
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use tokio::time::sleep;

use crate::window::Step;

/// Title of the window that files are dragged out of.
const SOURCE: &str = "Throughline drag source";
/// Where in it the pointer takes hold, in pixels from the top left of the screen.
const HOLD: (i32, i32) = (40, 30);
/// Steps of the pointer on its way; a drag is only seen to enter when the pointer comes in steps.
const STEPS: i32 = 12;
/// Between two steps, so that the programs under the pointer keep up.
const PACE: Duration = Duration::from_millis(40);
/// How many paces programs may take to open a window or to hand a file over: ten seconds.
const PATIENCE: u32 = 250;

/// A window with a file in it, taken hold of by the pointer.
pub struct Drag {
    source: Child,
}

impl Drag {
    /// Takes hold of `file` and carries it over the middle of the app's window.
    pub async fn over_the_window(file: &Path) -> Step<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/desktop/drag_source.py");
        // The system's interpreter: the one that the system's GTK bindings belong to.
        let source = Command::new("/usr/bin/python3")
            .args([script, SOURCE])
            .arg(file)
            .spawn()?;
        let drag = Self { source };
        windows(SOURCE).await?;
        let (x, y) = middle_of("^Throughline$").await?;
        move_to(HOLD.0, HOLD.1)?;
        sleep(PACE).await;
        xdotool(&["mousedown", "1"])?;
        for step in 1..=STEPS {
            sleep(PACE).await;
            move_to(
                HOLD.0 + (x - HOLD.0) * step / STEPS,
                HOLD.1 + (y - HOLD.1) * step / STEPS,
            )?;
        }
        // The last step again and again: a pointer that rests is not asked where it is.
        for nudge in [1, 0, 1, 0] {
            sleep(PACE).await;
            move_to(x + nudge, y)?;
        }
        Ok(drag)
    }

    /// Lets the file go, and waits until the two programs have handed it over.
    pub async fn drop_it(mut self) -> Step {
        xdotool(&["mouseup", "1"])?;
        for _ in 0..PATIENCE {
            if self.source.try_wait()?.is_some() {
                return Ok(());
            }
            sleep(PACE).await;
        }
        Err("the drag does not end".into())
    }
}

impl Drop for Drag {
    fn drop(&mut self) {
        // After a failure the button may be down still, and would be for whoever comes next.
        let _ = xdotool(&["mouseup", "1"]);
        // It ends by itself when a drag ends; there may have been none.
        let _ = self.source.kill();
        let _ = self.source.wait();
    }
}

/// The middle of the largest window whose title is `title`, in pixels on the screen: the toolkit has small ones
/// of that title for itself.
async fn middle_of(title: &str) -> Step<(i32, i32)> {
    let mut largest = None;
    for window in windows(title).await? {
        let [x, y, width, height] = geometry(&window)?;
        if largest.is_none_or(|(area, _)| width * height > area) {
            largest = Some((width * height, (x + width / 2, y + height / 2)));
        }
    }
    let (_, middle) = largest.ok_or("the app has no window on this display")?;
    Ok(middle)
}

/// The windows on the display whose title has `title`, once there are any.
pub async fn windows(title: &str) -> Step<Vec<String>> {
    let mut found = xdotool(&["search", "--onlyvisible", "--name", title]);
    for _ in 0..PATIENCE {
        // It fails when there are none, and when one goes while it looks through them.
        if found.is_ok() {
            break;
        }
        sleep(PACE).await;
        found = xdotool(&["search", "--onlyvisible", "--name", title]);
    }
    Ok(found?.lines().map(str::to_owned).collect())
}

/// Left, top, width and height of a window.
fn geometry(window: &str) -> Step<[i32; 4]> {
    let geometry = xdotool(&["getwindowgeometry", "--shell", window])?;
    let mut values = [0; 4];
    for (value, name) in values.iter_mut().zip(["X", "Y", "WIDTH", "HEIGHT"]) {
        let line = geometry
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        *value = line
            .ok_or_else(|| format!("no {name} in {geometry}"))?
            .parse()?;
    }
    Ok(values)
}

fn move_to(x: i32, y: i32) -> Step {
    xdotool(&["mousemove", &x.to_string(), &y.to_string()])?;
    Ok(())
}

/// What xdotool says when it does as told.
pub fn xdotool(arguments: &[&str]) -> Step<String> {
    let done = Command::new("xdotool").args(arguments).output()?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(format!("xdotool {arguments:?}: {said}").into());
    }
    Ok(String::from_utf8(done.stdout)?)
}
