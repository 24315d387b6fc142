//! Lanes of the journey's own are named once, and cards stand in lanes that there are.

use super::Check;
use crate::document::structure::short;
use crate::document::tree::below;
use crate::journey::{STANDING, find_standing};

pub(super) fn check(check: &mut Check<'_>) {
    let journey = check.journey;
    for (at, lane) in journey.lanes.iter().enumerate() {
        let pointer = format!("/lanes/{at}");
        if find_standing(&lane.id).is_some() && lane.kind.is_some() {
            let message = format!("every map has the lane `{}`, and its kind is settled", lane.id);
            check.error(&format!("{pointer}/kind"), message, "remove `kind`".to_owned());
        }
    }
    let own: Vec<&str> = journey
        .lanes
        .iter()
        .map(|lane| lane.id.as_str())
        .filter(|id| !id.is_empty() && find_standing(id).is_none())
        .collect();
    let known: Vec<&str> = own.iter().copied().chain(STANDING.iter().map(|it| it.id)).collect();
    for ((_, touchpoint), pointer) in journey.touchpoints().zip(super::touchpoint_pointers(journey))
    {
        for id in touchpoint.cards.keys() {
            let pointer = below(&format!("{pointer}/cards"), id);
            if find_standing(id).is_some() {
                let message = format!("`{id}` is a lane that every map has");
                check.error(&pointer, message, format!("write `{id}:` beside `cards:`"));
            } else if !own.contains(&id.as_str()) {
                let suggestion = match crate::nearest::nearest(id, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "add it under `lanes:`".to_owned(),
                };
                check.error(&pointer, format!("no lane `{}`", short(id)), suggestion);
            }
        }
    }
}
