//! How well an entity suits a pronoun, from 0, not at all, to 1.

use crate::domain::Gender;

use crate::extract::coref::entities::Entity;

/// How well an entity suits "he" or "she".
pub(in crate::extract::coref) fn single(entity: &Entity, gender: Gender) -> f32 {
    if entity.plural || entity.person < 0 || !entity.agrees(gender) {
        return 0.0;
    }
    let known = if entity.gender.is_some() { 1.0 } else { 0.55 };
    match entity.person {
        0 => 0.25 * known,
        1..3 => 0.6 * known,
        _ => known,
    }
}

/// 1 unless what is known rules out "he" or "she"; the ranker decides how likely it is.
pub(in crate::extract::coref) fn may_be(entity: &Entity, gender: Gender) -> f32 {
    let ruled_out = entity.plural || entity.person < 0 || !entity.may_be(gender);
    if ruled_out { 0.0 } else { 1.0 }
}

/// 1 unless an entity is known not to be a single person.
pub(in crate::extract::coref) fn person(entity: &Entity) -> f32 {
    if entity.plural || entity.person < 0 {
        0.0
    } else {
        1.0
    }
}

/// How well an entity suits "they": a people or a group with a name is meant more often than one without.
pub(in crate::extract::coref) fn several(entity: &Entity) -> f32 {
    match (entity.plural, entity.group.is_some()) {
        (true, true) => 1.0,
        (true, false) => 0.5,
        (false, _) if entity.person < 0 => 0.5,
        (false, _) => 0.0,
    }
}

/// How well an entity suits "it", as far as organizations go.
pub(in crate::extract::coref) fn thing(entity: &Entity) -> f32 {
    if entity.plural || entity.person >= 0 {
        0.0
    } else {
        0.5
    }
}
