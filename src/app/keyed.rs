//! Many nodes that come and go, without a rendering of all of them for each that does.
//!
//! A crowded cluster has a thousand messages in flight and changes a few of them at a time. Their
//! nodes are made and taken away one by one; those that stay are not touched.

use std::cell::{Cell, OnceCell, RefCell};

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Node, SvgGraphicsElement, SvgTransform};

/// The children of an element, each with the signature of what it shows.
pub struct Keyed<S> {
    shown: RefCell<Vec<(u64, S, Child)>>,
}

impl<S> Default for Keyed<S> {
    fn default() -> Self {
        let shown = RefCell::default();
        Self { shown }
    }
}

/// A child, and where it was put last.
pub struct Child {
    /// The element.
    pub node: Element,
    /// Its translation, to be set as numbers: a text for each would be much to throw away.
    slide: OnceCell<Option<SvgTransform>>,
    /// Its place and whether it was quiet; nothing yet at first.
    pub last: Cell<Option<(f64, f64, bool)>>,
}

impl<S: PartialEq + Clone> Keyed<S> {
    /// Brings the children of `parent` in line with what is wanted, in the order of its keys;
    /// `make` makes the node of one.
    pub fn sync(
        &self,
        parent: &Element,
        wanted: &[(u64, S)],
        mut make: impl FnMut(&Document, usize) -> Option<Element>,
    ) {
        let Some(document) = parent.owner_document() else {
            return;
        };
        let mut shown = self.shown.borrow_mut();
        // Another element has none of the nodes.
        let stray = shown.first().is_some_and(|(_, _, child)| {
            let own: Option<&Node> = Some(parent);
            child.node.parent_node().as_ref() != own
        });
        if stray {
            shown.clear();
        }
        let old = std::mem::take(&mut *shown);
        let mut old = old.into_iter().peekable();
        let mut next = Vec::with_capacity(wanted.len());
        for (index, (key, signature)) in wanted.iter().enumerate() {
            while let Some((_, _, gone)) = old.next_if(|(known, _, _)| known < key) {
                gone.node.remove();
            }
            let same = old.next_if(|(known, _, _)| known == key);
            if let Some((_, known, child)) = same {
                if known == *signature {
                    next.push((*key, known, child));
                    continue;
                }
                child.node.remove();
            }
            if let Some(node) = make(&document, index) {
                let before = old.peek().map(|(_, _, child)| -> &Node { &child.node });
                let _ = parent.insert_before(&node, before);
                let last = Cell::new(None);
                let slide = OnceCell::new();
                next.push((*key, signature.clone(), Child { node, slide, last }));
            }
        }
        for (_, _, gone) in old {
            gone.node.remove();
        }
        *shown = next;
    }

    /// Calls back for each node, in the order of the keys.
    pub fn each(&self, mut with: impl FnMut(usize, &Child)) {
        for (index, (_, _, child)) in self.shown.borrow().iter().enumerate() {
            with(index, child);
        }
    }
}

/// Nodes that others are made after: to copy one takes a hundredth of the calls that it takes to
/// make one.
pub struct Moulds<S>(RefCell<Vec<(S, Element)>>);

/// So many are kept.
const MOULDS: usize = 24;

impl<S: PartialEq + Clone> Moulds<S> {
    /// A node that shows this, made with `make` unless there is one like it.
    pub fn cast(&self, signature: &S, make: impl FnOnce() -> Option<Element>) -> Option<Element> {
        let mut moulds = self.0.borrow_mut();
        let known = moulds.iter().position(|(known, _)| known == signature);
        let mould = match known {
            Some(index) => moulds.remove(index),
            None => (signature.clone(), make()?),
        };
        let copy = mould.1.clone_node_with_deep(true).ok()?;
        moulds.truncate(MOULDS - 1);
        // The one that was asked for last comes first.
        moulds.insert(0, mould);
        copy.dyn_into().ok()
    }
}

impl<S> Default for Moulds<S> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl Child {
    /// Puts it there. Its node must have a transform to begin with.
    pub fn put(&self, x: f64, y: f64) {
        if let Some(slide) = self.slide.get_or_init(|| self.begin()) {
            let _ = slide.set_translate(x as f32, y as f32);
        }
    }

    fn begin(&self) -> Option<SvgTransform> {
        let drawn = self.node.dyn_ref::<SvgGraphicsElement>()?;
        drawn.transform().base_val().get_item(0).ok()
    }
}

/// A new element of a drawing with these attributes.
pub fn drawn(document: &Document, name: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let space = Some("http://www.w3.org/2000/svg");
    let element = document.create_element_ns(space, name).ok()?;
    set_all(&element, attributes);
    Some(element)
}

/// Sets these attributes.
pub fn set_all(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
}
