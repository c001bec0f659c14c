"""A window of WebKit for WebKitWebDriver, with what its MiniBrowser cannot do.

    webkit_window.py FOLDER

Its first tab stays empty; all others are closed before the user is forgotten. All that it keeps is in
FOLDER. FOLDER/console gets the console and what failed to load; each
connection to FOLDER/control brings a line with an order, as JSON, and gets a line when it is done.
"""

import json
import os
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gdk, Gio, GLib, Gtk, WebKit2  # noqa: E402

SIZE = (1440, 900)
folder = sys.argv[1]

# Pages print on their own process's output, which they have from here.
console = open(os.path.join(folder, "console"), "w", buffering=1)
os.dup2(console.fileno(), 1)
os.dup2(console.fileno(), 2)

context = WebKit2.WebContext(
    website_data_manager=WebKit2.WebsiteDataManager(
        base_data_directory=folder, base_cache_directory=folder
    )
)
context.set_automation_allowed(True)

settings = WebKit2.Settings(
    enable_write_console_messages_to_stdout=True,
    enable_developer_extras=True,
    hardware_acceleration_policy=WebKit2.HardwareAccelerationPolicy.NEVER,
)
content = WebKit2.UserContentManager()
tabs = Gtk.Stack()
window = Gtk.Window(decorated=False)
window.set_default_size(*SIZE)
window.add(tabs)


# Who asked for it went elsewhere.
LEFT = [
    (WebKit2.network_error_quark(), WebKit2.NetworkError.CANCELLED),
    (
        WebKit2.policy_error_quark(),
        WebKit2.PolicyError.FRAME_LOAD_INTERRUPTED_BY_POLICY_CHANGE,
    ),
]


def watch(_, resource, request):
    uri = request.get_uri()

    def answered(resource, _):
        answer = resource.get_response()
        if answer and answer.get_status_code() >= 400:
            print(f"LOAD {answer.get_status_code()}: {uri}", file=console)

    def failed(_, error):
        if not any(error.matches(*left) for left in LEFT):
            print(f"LOAD {error.message}: {uri}", file=console)

    resource.connect("notify::response", answered)
    resource.connect("failed", failed)


def open_view(*_):
    views = tabs.get_children()
    # The first tab of each story goes on with the process of the empty one: to begin one takes a third
    # of the machine. Further ones have their own, as in Safari.
    of = {"related_view": views[0]} if len(views) == 1 else {"web_context": context}
    view = WebKit2.WebView(
        **of,
        settings=settings,
        user_content_manager=content,
        is_controlled_by_automation=True,
    )
    view.connect("resource-load-started", watch)
    view.connect("close", close)
    view.show()
    tabs.add(view)
    show(len(tabs.get_children()) - 1)
    if not window.get_visible():
        window.show_all()
        # Nobody else gives it the focus: its screen has no window manager.
        window.get_window().focus(Gdk.CURRENT_TIME)
    return view


def close(view):
    """Its process would live on, and what its page plays."""
    tabs.remove(view)
    GLib.idle_add(view.destroy)


def begin(_, session):
    about = WebKit2.ApplicationInfo()
    about.set_name("webkit_window")
    session.set_application_info(about)
    session.connect("create-web-view", open_view)


context.connect("automation-started", begin)


def before_load(script):
    frames = WebKit2.UserContentInjectedFrames.ALL_FRAMES
    start = WebKit2.UserScriptInjectionTime.START
    content.add_script(WebKit2.UserScript.new(script, frames, start))


def resize(width, height):
    window.resize(width, height)


def show(number):
    """Bring this tab to the front, from 0; those behind it are hidden for their pages, too."""
    view = tabs.get_children()[number]
    tabs.set_visible_child(view)
    view.grab_focus()


def prefer(feature, value):
    look = Gtk.Settings.get_default()
    if feature == "prefers-color-scheme":
        look.set_property("gtk-application-prefer-dark-theme", value == "dark")
    elif feature == "prefers-reduced-motion":
        look.set_property("gtk-enable-animations", value != "reduce")
    else:
        raise ValueError(feature)


def picture(file):
    surface = window.get_window()
    seen = Gdk.pixbuf_get_from_window(surface, 0, 0, surface.get_width(), surface.get_height())
    seen.savev(file, "png", [], [])


def forget():
    """Be as if nobody had been here."""
    content.remove_all_scripts()
    prefer("prefers-color-scheme", "light")
    prefer("prefers-reduced-motion", "no-preference")
    # Without the service workers, which take three seconds: each host of the tests has a port of its
    # own, so that nobody meets those of another. And without what was found out about trackers, which
    # pages do not see, and which takes more than twenty seconds at times.
    types = WebKit2.WebsiteDataTypes
    kinds = types.ALL ^ (types.SERVICE_WORKER_REGISTRATIONS | types.ITP)
    waiting = GLib.MainLoop()
    data = context.get_website_data_manager()
    data.clear(kinds, 0, None, lambda *_: waiting.quit())
    waiting.run()


ORDERS = {
    "forget": forget,
    "before_load": before_load,
    "resize": resize,
    "prefer": prefer,
    "show": show,
    "picture": picture,
}


def obey(_, connection, __):
    lines = Gio.DataInputStream.new(connection.get_input_stream())
    order, *arguments = json.loads(lines.read_line_utf8(None)[0])
    ORDERS[order](*arguments)
    connection.get_output_stream().write(b"done\n", None)
    connection.close(None)


service = Gio.SocketService()
service.add_address(
    Gio.UnixSocketAddress.new(os.path.join(folder, "control")),
    Gio.SocketType.STREAM,
    Gio.SocketProtocol.DEFAULT,
    None,
)
service.connect("incoming", obey)
service.start()
Gtk.main()
