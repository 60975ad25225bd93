//! Songs of the catalogue: find them, seed with them, build a library of them.

use tauri::{
    AppHandle, Runtime, State, Url,
    ipc::{Channel, Response},
};
use tauri_plugin_opener::open_url;
use throughline_app::{
    AppError, Session,
    core::catalog::crawl::Order,
    view::{
        BuildReport, CatalogReport, CatalogSong, Plan, PlanRequest, PreviewLimits, Progress,
        Refreshed, Thread,
    },
};

use super::{Answer, ask, library::follow};
use crate::shell::{Shell, now};

/// Songs that a search answers with: what fits below the tracks of the library.
const FOUND: usize = 25;

/// Songs of the catalogue that match `text`: one call.
#[tauri::command]
pub async fn catalog_search(shell: State<'_, Shell>, text: String) -> Answer<Vec<CatalogSong>> {
    ask(shell, move |session| {
        session.catalog_search(&text, FOUND, now())
    })
    .await
}

/// Makes a song a seed; one that is not in the library is embedded on the spot.
#[tauri::command]
pub async fn seed_song(shell: State<'_, Shell>, song: u64) -> Answer<Thread> {
    ask(shell, move |session| session.seed_song(song, now())).await
}

/// Explains what a build of the catalogue would do. No network.
#[tauri::command]
pub async fn plan_catalog(shell: State<'_, Shell>, request: PlanRequest) -> Answer<Plan> {
    ask(shell, move |session| session.plan_catalog(&request)).await
}

/// Builds what a plan orders; answers when that is done, paused or cancelled.
#[tauri::command]
pub async fn build_catalog<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    order: Order,
    on_progress: Channel<Progress>,
) -> Answer<BuildReport> {
    follow(app, shell, on_progress, move |session, say| {
        session.build_catalog(&order, now(), say)
    })
    .await
}

/// Goes on with the build that was begun and not finished.
#[tauri::command]
pub async fn resume_catalog<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    on_progress: Channel<Progress>,
) -> Answer<BuildReport> {
    follow(app, shell, on_progress, move |session, say| {
        session.resume_catalog(now(), say)
    })
    .await
}

/// Grows what was built around `tracks`, by `more` songs.
#[tauri::command]
pub async fn grow_catalog<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    tracks: Vec<i64>,
    more: usize,
    on_progress: Channel<Progress>,
) -> Answer<BuildReport> {
    follow(app, shell, on_progress, move |session, say| {
        session.grow_catalog(&tracks, more, now(), say)
    })
    .await
}

/// Asks for every failed song and every call that was given up once more, then goes on.
#[tauri::command]
pub async fn retry_catalog<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    on_progress: Channel<Progress>,
) -> Answer<BuildReport> {
    follow(app, shell, on_progress, move |session, say| {
        session.retry_catalog(now(), say)
    })
    .await
}

/// Looks dead links up anew, and builds what is back.
#[tauri::command]
pub async fn refresh_catalog<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    on_progress: Channel<Progress>,
) -> Answer<Refreshed> {
    follow(app, shell, on_progress, move |session, say| {
        session.refresh_catalog(now(), say)
    })
    .await
}

/// The bytes of a track's picture; empty when there is none, or when it cannot be had now.
#[tauri::command]
pub async fn artwork(shell: State<'_, Shell>, track: i64) -> Answer<Response> {
    ask(shell, move |session| {
        let bytes = session
            .artwork(track)?
            .map_or_else(Vec::new, |artwork| artwork.bytes);
        Ok(Response::new(bytes))
    })
    .await
}

/// Deletes the pictures that are kept; they are fetched again when they are looked at.
#[tauri::command]
pub async fn clear_artwork(shell: State<'_, Shell>) -> Answer<CatalogReport> {
    ask(shell, |session| {
        session.clear_artwork()?;
        session.catalog_report()
    })
    .await
}

/// Sets the limits on previews from the next build on.
#[tauri::command]
pub async fn limit_previews(
    shell: State<'_, Shell>,
    limits: PreviewLimits,
) -> Answer<CatalogReport> {
    ask(shell, move |session| {
        session.limit_previews(&limits)?;
        session.catalog_report()
    })
    .await
}

/// What the library has of the catalogue.
#[tauri::command]
pub async fn catalog_report(shell: State<'_, Shell>) -> Answer<CatalogReport> {
    ask(shell, Session::catalog_report).await
}

/// Takes the songs of a genre off the library; answers with what is left.
#[tauri::command]
pub async fn remove_genre(shell: State<'_, Shell>, name: String) -> Answer<CatalogReport> {
    ask(shell, move |session| {
        session.remove_genre(&name)?;
        session.catalog_report()
    })
    .await
}

/// The same for the songs of an artist.
#[tauri::command]
pub async fn remove_artist(shell: State<'_, Shell>, id: u64) -> Answer<CatalogReport> {
    ask(shell, move |session| {
        session.remove_artist(id)?;
        session.catalog_report()
    })
    .await
}

/// Opens a song's page in the store in the system's browser.
#[tauri::command]
pub async fn open_store(shell: State<'_, Shell>, track: i64) -> Answer<()> {
    ask(shell, move |session| {
        let page = session.track(track)?.store;
        let page = page
            .as_deref()
            .and_then(store_page)
            .ok_or_else(|| AppError::Internal("this track has no page in the store".to_owned()))?;
        open_url(page, None::<&str>).map_err(|error| AppError::Internal(error.to_string()))
    })
    .await
}

/// `link`, if it leads to the store: the browser is sent nowhere else.
fn store_page(link: &str) -> Option<Url> {
    let page = Url::parse(link).ok()?;
    let is_store = page.scheme() == "https"
        && page.port().is_none()
        && page.username().is_empty()
        && page.password().is_none()
        && page
            .domain()
            .is_some_and(|host| host == "apple.com" || host.ends_with(".apple.com"));
    is_store.then_some(page)
}

#[cfg(test)]
mod tests {
    use super::store_page;

    #[test]
    fn the_browser_is_sent_to_the_store_and_nowhere_else() {
        for link in [
            "https://music.apple.com/us/album/x/1?i=2&uo=4",
            "https://itunes.apple.com/album/id1",
        ] {
            assert!(store_page(link).is_some(), "{link} is a page of the store");
        }
        for link in [
            "http://music.apple.com/us/album/x/1",
            "https://music.apple.com.example/",
            "https://badapple.com/",
            "https://music.apple.com:8443/",
            "https://user@music.apple.com/",
            "https://17.0.0.1/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "",
        ] {
            assert!(store_page(link).is_none(), "{link} is none");
        }
    }
}
