//! Any standard with any rule that a valid document may hold.

use model::journey::Principle;
use model::rule::{
    AtMost, Cadence, Channel, Consistent, Count, Due, Duration, Never, Order, Precedence, Required,
    Response, ResponseMode, Rule, Score, Standard, ValueRange, Wait, Walked,
};

use super::Source;

impl Source {
    /// `ids`: the touchpoints, for a standard of the whole journey; `None`: the standard is a touchpoint's.
    pub(super) fn standard(
        &mut self,
        principles: &[Principle],
        ids: Option<&[String]>,
    ) -> Standard {
        let promise = self.number(0.01, 1.0);
        Standard {
            id: self.id("standard"),
            text: self.text(),
            rule: self.rule(ids),
            promise,
            tolerance: if self.flag() { promise / 3.0 } else { 0.0 },
            owner: self.perhaps(Self::text),
            principle: principles
                .first()
                .filter(|_| self.flag())
                .map(|principle| principle.id.clone()),
            cost_of_defect: self.perhaps(|s| s.number(0.0, 1e6)),
        }
    }

    fn rule(&mut self, ids: Option<&[String]>) -> Rule {
        let modes = [
            ResponseMode::Each,
            ResponseMode::First,
            ResponseMode::Consume,
            ResponseMode::Alternate,
            ResponseMode::Chain,
        ];
        let within = self.perhaps(Self::span);
        match self.below(18) {
            0 => Rule::Response(Response {
                from: self.names(),
                to: self.names(),
                within,
                at_least: within.filter(|_| self.flag()),
                mode: self.pick(&modes),
                same: self.perhaps(Self::text),
                unless: self.perhaps(Self::names),
            }),
            1 => Rule::Precedence(Precedence { before: self.names(), then: self.names(), within }),
            2 => Rule::Count(Count {
                of: self.names(),
                at_least: Some(0),
                at_most: self.perhaps(|s| u64::from(s.take())),
            }),
            3 => Rule::AtMost(AtMost {
                of: self.names(),
                times: 1 + u64::from(self.take()),
                per: self.span(),
            }),
            4 => Rule::Required(Required {
                of: self.names(),
                within,
                of_start: self.perhaps(Self::names),
            }),
            5 => Rule::Never(Never { of: self.names(), after: self.names(), within }),
            6 => {
                let allow = ids.filter(|_| self.flag());
                let allow = allow.map(|ids| {
                    ids.iter().map(|id| (id.clone(), self.some(2, |s| s.pick(ids)))).collect()
                });
                Rule::Order(Order { allow })
            }
            7 => Rule::Wait(Wait { from: self.names(), to: self.names(), at_most: self.span() }),
            8 => {
                let every = self.span();
                Rule::Cadence(Cadence {
                    of: self.names(),
                    every,
                    grace: self.perhaps(Self::span),
                    at_least: self.perhaps(|_| every),
                    from: self.perhaps(Self::names),
                    until: self.perhaps(Self::names),
                })
            }
            9 => Rule::Channel(Channel { of: self.names(), only: vec![self.text(), self.text()] }),
            10 => Rule::Due(Due { from: self.names(), to: self.names(), by: self.text() }),
            11 => Rule::Consistent(Consistent {
                attribute: self.text(),
                first: self.names(),
                then: self.names(),
            }),
            12 => Rule::Value(self.value()),
            13 => Rule::Duration(Duration { ends: self.perhaps(Self::names), within: self.span() }),
            14 => Rule::Starts(self.names()),
            15 => Rule::Ends(self.names()),
            16 if ids.is_none() => Rule::Walked(Walked { check: self.text() }),
            _ => Rule::Score(Score {
                question: "csat".to_owned(),
                at_least: Some(self.number(1.0, 3.0)),
                at_most: self.perhaps(|s| s.number(3.0, 5.0)),
            }),
        }
    }

    fn value(&mut self) -> ValueRange {
        let (of, attribute) = (self.names(), self.text());
        let none =
            ValueRange { of, attribute, at_least: None, at_most: None, equals: None, one_of: None };
        match self.below(3) {
            0 => ValueRange { equals: Some(self.scalar()), ..none },
            1 => ValueRange { one_of: Some(vec![self.scalar(), self.scalar()]), ..none },
            _ => ValueRange {
                at_least: Some(self.number(-1e9, 0.0)),
                at_most: Some(self.number(0.0, 1e9)),
                ..none
            },
        }
    }
}
