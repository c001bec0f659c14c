//! Names for the numbers of a model.

use std::sync::Arc;

use super::model::Model;

/// Who plays the numbers of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cast {
    /// The acceptors' names.
    pub acceptors: Vec<Arc<str>>,
    /// The name of each ballot's proposer, lowest ballot first.
    pub proposers: Vec<Arc<str>>,
    /// The learners' names.
    pub learners: Vec<Arc<str>>,
    /// The values.
    pub values: Vec<Arc<str>>,
}

impl Cast {
    /// Names as in the literature: acceptors A, B, C; proposers P, Q, R; values Hello and World.
    pub fn usual(model: &Model) -> Self {
        let mut cast = Self::default();
        cast.fill(model);
        cast
    }

    /// Gives a name to whatever of the model has none: the first that is free.
    pub fn fill(&mut self, model: &Model) {
        let mut taken: Vec<Arc<str>> = self.names().cloned().collect();
        let mut fill = |names: &mut Vec<Arc<str>>, letters: &str, count: u32| {
            let letters = letters.chars().map(String::from);
            let first = letters.clone().next().unwrap_or_default();
            let numbered = (2..).map(|number| format!("{first}{number}"));
            let series = letters.chain(numbered);
            let mut series = series.map(Arc::<str>::from);
            while names.len() < count as usize {
                let name = first_free(&mut series, |name| taken.contains(name));
                taken.push(name.clone());
                names.push(name);
            }
        };
        fill(&mut self.acceptors, "ABCDEFGH", model.acceptors);
        fill(&mut self.proposers, "PQRSTU", model.ballots);
        let words = ["Hello", "World"].map(Arc::<str>::from).into_iter();
        let numbered = (3..).map(|number| Arc::from(format!("value {number}")));
        let mut words = words.chain(numbered);
        while self.values.len() < model.values as usize {
            let word = first_free(&mut words, |word| self.values.contains(word));
            self.values.push(word);
        }
    }

    /// The names of all processes.
    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        let all = [&self.acceptors, &self.proposers, &self.learners];
        all.into_iter().flatten()
    }
}

/// The first name of an endless series that is not taken.
pub(crate) fn first_free(
    series: impl IntoIterator<Item = Arc<str>>,
    taken: impl Fn(&Arc<str>) -> bool,
) -> Arc<str> {
    let mut free = series.into_iter().filter(|name| !taken(name));
    free.next().expect("the series does not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &str) -> Vec<Arc<str>> {
        names.split(' ').map(Arc::from).collect()
    }

    #[test]
    fn whatever_has_no_name_gets_the_first_that_is_free() {
        let model = Model::new(3, 4, 2);
        let usual = Cast::usual(&model);
        assert_eq!(usual.acceptors, names("A B C"));
        assert_eq!(usual.proposers, names("P Q"));
        assert_eq!(usual.learners, []);
        assert_eq!(usual.values.join(", "), "Hello, World, value 3, value 4");

        let mut some = Cast {
            acceptors: names("Q"),
            proposers: vec![],
            learners: names("B S"),
            values: names("World"),
        };
        some.fill(&model);
        assert_eq!(some.acceptors, names("Q A C"));
        assert_eq!(some.proposers, names("P R"));
        assert_eq!(some.learners, names("B S"));
        assert_eq!(some.values.join(", "), "World, Hello, value 3, value 4");
    }

    #[test]
    fn after_the_letters_come_numbers() {
        let mut cast = Cast {
            learners: names("P Q R S T U P3 A B C D E F G"),
            ..Cast::default()
        };
        cast.fill(&Model::new(3, 2, 2));
        assert_eq!(cast.proposers, names("P2 P4"));
        assert_eq!(cast.acceptors, names("H A2 A3"));
    }
}
