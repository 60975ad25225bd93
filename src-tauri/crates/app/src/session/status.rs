//! How the library is doing.

use throughline_core::feedback::Standing;
use throughline_library::{Health, Library};

use super::Session;
use crate::engine::name_of;
use crate::error::Result;
use crate::files::is_online;
use crate::uses::Uses;
use crate::view::{self, NextModel, Status};

impl Session {
    /// The library at a glance. `sound` is for the face to fill in.
    pub fn status(&self) -> Result<Status> {
        let builds = self.site.recipe();
        let library = self.library();
        let uses = Uses::read(&library)?;
        let recipe = builds.unwrap_or_else(|| uses.recipe());
        let counts = library.counts(&recipe)?;
        let throughline = library.throughlines().open()?.id;
        let standing = Standing::of(&library.events().of(throughline)?);
        let sources = library.sources().all()?;
        let next_model = next_model(&library, &uses)?;
        let songs = library.songs().listed()?;
        let waiting = || library.songs().waiting(&recipe);
        let guests = || library.songs().unheard_guests(&recipe);
        let unfinished = library.crawls().open()?.is_some() || waiting()? > 0 || guests()? > 0;
        let watching = self.watching(&library)?;
        // A folder on a network that hangs keeps only this answer waiting.
        drop(library);
        let wanted = uses.wanted(&self.engines);
        let model = uses
            .serving()
            .map_or_else(|| wanted.model.clone(), |serving| serving.recipe.model);
        let (device, device_note) = self.engines.device(&wanted);
        Ok(Status {
            library: view::shown(&self.dir),
            tracks: counts.listed as usize,
            missing: counts.missing as usize,
            failed: counts.failed as usize,
            hidden: counts.hidden as usize,
            banished: standing.banished.len(),
            sources: sources
                .into_iter()
                .map(|source| view::Source {
                    id: source.id.0,
                    path: view::shown(&source.path),
                    tracks: source.tracks as usize,
                    online: is_online(&source.path, source.tracks > 0),
                })
                .collect(),
            songs: songs as usize,
            unfinished,
            model_name: name_of(&model),
            model: model.to_string(),
            next_model,
            model_note: self.engines.note(&wanted),
            device,
            device_note,
            watching,
            building: self.site.is_busy(),
            building_kind: self.site.kind(),
            sound: None,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// A check-up of the whole library.
    pub fn health(&self) -> Result<Health> {
        Ok(self.library().health()?)
    }
}

/// How far the switch to another model has come.
fn next_model(library: &Library, uses: &Uses) -> Result<Option<NextModel>> {
    let Some(wish) = uses.wish() else {
        return Ok(None);
    };
    // Before it has embedded anything, its recipe is not known, and nothing is done.
    let covered = match uses.of(wish) {
        Some(used) => library.coverage(&used.recipe)?,
        None => throughline_library::Coverage {
            done: 0,
            ..library.coverage(&uses.recipe())?
        },
    };
    Ok(Some(NextModel {
        id: wish.model.to_string(),
        name: name_of(&wish.model),
        done: covered.done as usize,
        total: covered.total as usize,
    }))
}
