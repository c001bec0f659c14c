//! Markup that is gone through again only when it differs from what is shown.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct UnchangedProps {
    /// What is shown.
    pub shown: Html,
}

/// Where much is shown and little changes: the markup is made and compared each time, which is less
/// work than to bring the nodes in line.
#[component]
pub fn Unchanged(props: &UnchangedProps) -> Html {
    props.shown.clone()
}
