//! The desktop shell: a window over the journeys of `throughline-app`.
//!
//! Nothing is decided here. A command is one call into a [`Session`](throughline_app::Session) on
//! a blocking thread; an event is something that a journey said, passed on.

use tauri::{Builder, Context, Manager, Runtime, WebviewWindowBuilder, plugin::TauriPlugin};
use tauri_plugin_log::log::LevelFilter;
use throughline_app::{catalog::CatalogSettings, models::ModelStore};

mod commands;
mod opened;
mod player;
mod shell;
#[cfg(test)]
mod tests;

use opened::Given;
use player::Player;
use shell::Shell;

/// Opens the window, and returns when it is closed.
pub fn run() -> tauri::Result<()> {
    let app = with_commands(
        Builder::default()
            .manage(Given::of(opened::first_start()))
            // First of all: a second start hands its files over and ends before it does anything.
            .plugin(tauri_plugin_single_instance::init(opened::second_start))
            .plugin(log())
            .plugin(tauri_plugin_dialog::init())
            .plugin(tauri_plugin_opener::init())
            .plugin(tauri_plugin_window_state::Builder::default().build()),
    )
    .setup(|app| {
        let handle = app.handle().clone();
        let player = Player::start(
            player::probe,
            player::open,
            move |now| {
                commands::tell(&handle, "player", now);
                commands::play::mind(&handle, now);
            },
            commands::play::remember(app.handle()),
        );
        app.manage(Shell::new(
            throughline_app::default_library(),
            ModelStore::open_default(),
            CatalogSettings::from_environment(),
            player,
        ));
        commands::watch::start(app.handle());
        // The page asks at once, so its window opens only now that there is something to ask.
        for window in &app.config().app.windows {
            WebviewWindowBuilder::from_config(app.handle(), window)?.build()?;
        }
        Ok(())
    })
    .build(context())?;
    #[cfg(target_os = "macos")]
    app.run(|app, event| {
        if let tauri::RunEvent::Opened { urls } = event {
            opened::by_event(app, &urls);
        }
    });
    #[cfg(not(target_os = "macos"))]
    app.run(|_, _| ());
    Ok(())
}

/// The configuration, the page and the permissions, as built into the binary.
fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    use commands::{catalog, compare, library, models, play, shelf, steer, thread, watch};
    builder.invoke_handler(tauri::generate_handler![
        library::status,
        library::build,
        library::build_demo,
        library::cancel_build,
        library::remove_source,
        library::use_model,
        library::failures,
        library::retry_failures,
        library::hide_failures,
        library::browse,
        library::ahead,
        library::classify,
        library::salvage,
        library::reveal,
        watch::set_watching,
        watch::set_gentle,
        models::models,
        models::fetch_model,
        models::cancel_fetch,
        models::import_model,
        models::verify_model,
        models::remove_model,
        models::open_page,
        catalog::catalog_search,
        catalog::seed_song,
        catalog::plan_catalog,
        catalog::build_catalog,
        catalog::resume_catalog,
        catalog::grow_catalog,
        catalog::retry_catalog,
        catalog::refresh_catalog,
        catalog::artwork,
        catalog::clear_artwork,
        catalog::limit_previews,
        catalog::catalog_report,
        catalog::remove_genre,
        catalog::remove_artist,
        catalog::open_store,
        thread::thread,
        thread::seed_tracks,
        thread::seed_files,
        thread::unseed,
        thread::clear_thread,
        thread::rate,
        thread::banish,
        thread::undo,
        steer::turn_knob,
        steer::weigh_seed,
        steer::oppose,
        steer::rate_family,
        steer::would_hide,
        steer::down_near,
        steer::path,
        steer::versions,
        steer::why,
        shelf::name_thread,
        shelf::threads,
        shelf::open_thread,
        shelf::branch_thread,
        shelf::export_thread,
        shelf::import_thread,
        play::play,
        play::pause,
        play::resume,
        play::stop,
        play::seek,
        compare::comparable,
        compare::trial,
        compare::vote,
    ])
}

/// The log goes to the app's log folder and to the terminal. Of other crates only errors are kept:
/// the decoders have something to say about every second file.
fn log<R: Runtime>() -> TauriPlugin<R> {
    tauri_plugin_log::Builder::new()
        .level(LevelFilter::Info)
        .filter(|record| {
            record.target().starts_with("throughline") || record.level() <= LevelFilter::Error
        })
        .build()
}
