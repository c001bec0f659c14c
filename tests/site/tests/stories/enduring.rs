//! What happens around the page, and what users do without thinking, must not break it.

use std::time::Duration;

use site_tests::{Host, Page, Point, Pointer, key, story};

use crate::checking::ends;
use crate::failing::FAIL;

#[path = "../../../../examples/support/dice.rs"]
mod dice;

use dice::Dice;

/// One of these.
fn one<'a, T>(dice: &mut Dice, of: &'a [T]) -> &'a T {
    &of[dice.below(of.len() as u64) as usize]
}

/// Name and middle of something that can be pressed now: it is neither hidden nor covered. Of all that is
/// there one is tried after the other, from the one on that the dice say. What leaves the page, or asks
/// the system for a file, is left alone.
const TARGET: &str = "const leaves = /explained|open a file|reload|in a new tab|svg|png|mermaid|shiviz|itf|tla|save|report|example/i;
    const all = [...document.querySelectorAll('button, [role=tab], [role=button], select, summary, [data-flight], .stage, svg.diagram')];
    for (let i = 0; i < all.length; i++) {
      const e = all[(arguments[0] + i * 7919) % all.length], b = e.getBoundingClientRect();
      const x = b.x + b.width / 2, y = b.y + b.height / 2;
      const name = (e.getAttribute('aria-label') ?? e.textContent ?? '').slice(0, 60);
      if (!b.width || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight || leaves.test(name)) continue;
      const top = document.elementFromPoint(x, y);
      if (top && (e.contains(top) || top.contains(e))) return [name, x, y];
    }
    return null";

/// What must be true of the page whatever was done to it; what is not, in words.
const CHECK: &str = "const d = document.documentElement.dataset, wrong = [];
    const is = (truth, what) => truth || wrong.push(what);
    is(d.ready === 'true', 'ready');
    is(Number(d.time) >= 0, 'time is ' + d.time);
    is(document.querySelector('[role=alertdialog]') === null, 'it has failed');
    is(document.querySelectorAll('svg.stage').length === 1, 'a stage');
    is(document.querySelectorAll('dialog[open]').length <= 1, 'one dialog');
    is(document.documentElement.scrollWidth <= innerWidth, 'as wide as the window');
    for (const e of document.querySelectorAll('[data-process]'))
      is(/^translate\\(-?[\\d.]+[ ,]-?[\\d.]+\\)$/.test(e.getAttribute('transform')), 'a place: ' + e.getAttribute('transform'));
    is(!/NaN|undefined|\\[object/.test(document.body.innerText), 'only words');
    is(!('learned' in d) || 'chosen' in d || 'violation' in d, 'learned after chosen');
    return wrong";

const KEYS: [&str; 24] = [
    key::SPACE,
    key::LEFT,
    key::RIGHT,
    key::UP,
    key::DOWN,
    key::ENTER,
    key::ESCAPE,
    key::TAB,
    key::DELETE,
    "?",
    "c",
    "t",
    "n",
    "p",
    "a",
    "o",
    "l",
    "x",
    "m",
    "h",
    "u",
    "r",
    ".",
    ",",
];

/// A thousand in one browser; some hundred others in each of the others, where each takes as long.
fn dice_and_gestures(page: &Page) -> (Dice, u32) {
    match page.browser() {
        "chromium" => (Dice(20_260_101), 1_000),
        "firefox" => (Dice(20_260_102), 300),
        _ => (Dice(20_260_103), 300),
    }
}

#[test]
fn gestures_at_random_leave_it_usable() {
    story(async |page| {
        page.forget().await;
        // This page keeps its session.
        page.open("?speed=5").await;
        page.open_scenario("Hello", "duel").await;
        // Nothing of this leaves the page.
        page.ask::<()>(
            "HTMLAnchorElement.prototype.click = () => {}; window.open = () => null; return null",
        )
        .await;
        let (mut dice, gestures) = dice_and_gestures(&page);
        for round in 0..gestures {
            let from = dice.below(1_000_000);
            let target: Option<(String, f64, f64)> = page.ask_with(TARGET, vec![from.into()]).await;
            let (name, x, y) = target.expect("there is always something to press");
            let at = Point { x, y };
            match dice.below(10) {
                0..=4 => page.tap(Pointer::Mouse, at).await,
                5 => page.tap(Pointer::Touch, at).await,
                6 => {
                    let to = at.offset(
                        dice.below(300) as f64 - 150.0,
                        dice.below(200) as f64 - 100.0,
                    );
                    let to = Point {
                        x: to.x.clamp(1.0, 1_200.0),
                        y: to.y.clamp(1.0, 700.0),
                    };
                    page.drag(Pointer::Mouse, at, to).await;
                }
                7 => {
                    let text = one(
                        &mut dice,
                        &["World", "", "0", "🦀 long ".repeat(9).as_str(), "1.P"],
                    )
                    .to_string();
                    page.ask_with::<()>(
                        "const fields = [...document.querySelectorAll('input:not([type=file]), textarea')].filter(e => e.offsetParent);
                        const field = fields[arguments[0] % fields.length];
                        if (field && ['text', 'search', 'textarea'].includes(field.type)) { field.focus(); document.execCommand('selectAll'); document.execCommand('insertText', false, arguments[1]); }
                        return null",
                        vec![dice.below(9).into(), text.into()],
                    )
                    .await;
                }
                _ => page.strike(one::<&str>(&mut dice, &KEYS)).await,
            }
            if round % 10 == 9 {
                let wrong: Vec<String> = page.ask(CHECK).await;
                assert_eq!(wrong, [""; 0], "gesture {round}, at “{name}”");
            }
        }
        // The same page goes on, whatever is open and however slow it is.
        for _ in 0..3 {
            page.strike(key::ESCAPE).await;
        }
        let page = page.with_patience(Duration::from_secs(90));
        let names = page.button_names().await;
        let shown = names
            .iter()
            .find_map(|name| name.strip_prefix("Scenarios: "));
        page.open_scenario(shown.expect("the library can be opened"), "hello")
            .await;
        page.play_until_learned("Hello").await;
        // And what was done can be read again.
        page.open("").await;
        assert_eq!(page.alerts().await, [""; 0]);
        page.wait_until("the session is back", async |page| {
            page.notices()
                .await
                .join(" ")
                .contains("Your last session is back")
        })
        .await;
    });
}

/// The site with a script that runs before its own.
pub async fn hurt(page: &Page, script: &str) -> Page {
    let host = Host::serve().await;
    host.write("hurt.js", script);
    host.change("index.html", |text| {
        text.replacen(
            "<script src=",
            "<script src=\"./hurt.js\"></script><script src=",
            1,
        )
    });
    page.at(&host)
}

async fn works_without_keeping(page: &Page) {
    page.open("?speed=50").await;
    page.play_until_learned("Hello").await;
    page.select_process("A").await;
    page.press("Crash A").await;
    page.wait_until("A is down", async |page| !page.is_up("A").await)
        .await;
    page.is_alerted("This browser keeps nothing").await;
    assert!(page.state().await.ready);
    // Nor does it promise that anything is kept.
    page.expect_on_console("a fault of the core");
    page.ask::<()>(FAIL).await;
    page.button("Reload").await;
    assert!(!page.has_button("Reload with the last session").await);
    let words = "return document.querySelector('[role=alertdialog]').innerText";
    let words: String = page.ask(words).await;
    assert!(words.contains("has kept nothing"), "{words}");
}

#[test]
fn a_full_storage_is_survived() {
    story(async |page| {
        let full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };";
        let page = hurt(&page, full).await;
        works_without_keeping(&page).await;
    });
}

#[test]
fn a_blocked_storage_is_survived() {
    story(async |page| {
        let blocked = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
            Object.defineProperty(navigator, 'serviceWorker', { value: undefined });";
        let page = hurt(&page, blocked).await;
        works_without_keeping(&page).await;
    });
}

#[test]
fn a_clock_that_jumps_moves_nothing_far() {
    story(async |page| {
        let jumping = "const real = requestAnimationFrame; let shift = 0, n = 0;
            window.requestAnimationFrame = f => real(t => { if (++n % 7 === 0) shift += n % 2 ? 3.6e6 : -7.2e6; f(t + shift); });";
        let page = hurt(&page, jumping).await;
        page.open("?scenario=hello&speed=1").await;
        let page = page.with_patience(Duration::from_secs(40));
        let begin = std::time::Instant::now();
        page.play_until_learned("Hello").await;
        let passed = begin.elapsed().as_secs_f64();
        // At speed 1 this takes five seconds; each jump counts as a tenth of one at most.
        assert!(passed > 1.0, "{passed}");
        assert_eq!(page.state().await.chosen.as_deref(), Some("Hello"));
    });
}

/// Has the workers at hand that the page starts.
const WORKERS: &str = "window.workers = [];
    window.Worker = class extends Worker { constructor(...all) { super(...all); workers.push(this); } };";

#[test]
fn a_checker_that_was_killed_is_noticed_and_can_begin_again() {
    story(async |page| {
        let page = hurt(&page, WORKERS).await;
        let page = page.with_patience(Duration::from_secs(40));
        page.open("?scenario=duel").await;
        page.press("Check every schedule").await;
        page.choose("Ballots", 4).await;
        page.choose("Holds", 1).await;
        page.press("Check").await;
        page.wait_until("it is under way", async |page| {
            page.ask("return /\\d,\\d{3}/.test(document.querySelector('[data-check=running]')?.innerText)")
                .await
        })
        .await;
        page.ask::<()>("workers[0].terminate(); return null").await;
        page.wait_until("it is noticed", async |page| {
            page.ask::<String>("return document.querySelector('[data-check]').innerText")
                .await
                .contains("does not answer any more")
        })
        .await;
        page.choose("Ballots", 0).await;
        page.press("Check").await;
        ends(&page, "holds").await;
    });
}

/// Has the core of the checker trap in its second slice, if it checks four ballots.
const TRAP: &str = "
    let four = false, slices = 0;
    addEventListener('message', ({ data }) => { four ||= data.options?.ballots === 4; });
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...all) => {
        const { instance, module } = await start(...all);
        const { checker_advance } = instance.exports;
        const trapping = (...given) => {
            slices += 1;
            if (four && slices === 2) throw new WebAssembly.RuntimeError('unreachable');
            return checker_advance(...given);
        };
        return { instance: { exports: { ...instance.exports, checker_advance: trapping } }, module };
    };";

#[test]
fn a_check_whose_core_fails_is_said_and_can_begin_again() {
    story(async |page| {
        let host = Host::serve().await;
        host.change("checker.js", |text| format!("{text}{TRAP}"));
        host.list();
        let page = page.at(&host);
        page.open("?scenario=duel").await;
        page.press("Check every schedule").await;
        page.choose("Ballots", 4).await;
        page.press("Check").await;
        ends(&page, "failed").await;
        page.is_alerted("the core has failed: unreachable").await;
        page.choose("Ballots", 2).await;
        page.press("Check").await;
        ends(&page, "holds").await;
    });
}

#[test]
fn a_page_that_is_hidden_stands_still_and_goes_on() {
    story(async |page| {
        page.open("?scenario=duel&speed=10").await;
        page.ask::<()>(
            "window.moments = [];
            const note = when => moments.push([when, Number(document.documentElement.dataset.time)]);
            addEventListener('visibilitychange', () => {
                note(document.visibilityState);
                if (!document.hidden) requestAnimationFrame(() => requestAnimationFrame(() => note('drawn')));
            }, true);
            return null",
        )
        .await;
        page.play().await;
        page.wait_until("time runs", async |page| page.time().await > 20.0)
            .await;
        page.open_tab().await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        page.go_to_tab(0).await;
        page.wait_until("it is drawn again", async |page| {
            page.ask::<usize>("return moments.length").await > 2
        })
        .await;
        let moments: Vec<(String, f64)> = page.ask("return moments").await;
        let whens: Vec<&str> = moments.iter().map(|(when, _)| when.as_str()).collect();
        assert_eq!(whens, ["hidden", "visible", "drawn"]);
        // Eight hundred milliseconds would have passed; a machine at its limit may be some frames behind.
        let (before, after) = (moments[0].1, moments[2].1);
        assert!(after - before < 200.0, "{moments:?}");
        page.wait_until("it goes on", async |page| page.time().await > after + 40.0)
            .await;
    });
}
