//! What the copies of a tab say to each other. It comes from other pages, so it is read like a
//! stranger's.

use looker::{
    Timestamp,
    json::{Json, ObjectWriter},
    oauth::AccessInfo,
};

use crate::session::Ending;

/// Tokens, and how often they were renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// How often they were renewed since the sign-in.
    pub generation: u64,
    /// The tokens.
    pub access_info: AccessInfo,
}

/// What one copy says to all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// There is one more now.
    Opened,
    /// Before a renewal: who has newer tokens than this?
    Ask {
        /// The question's number, which the answers repeat.
        ask: u64,
        /// How often those of whoever asks were renewed.
        generation: u64,
    },
    /// To that question.
    Answer {
        /// The question's number.
        ask: u64,
        /// Newer ones, if there are.
        news: Option<News>,
        /// Whether Looker may have replaced those of whoever asks, in an answer that did not get to this copy.
        is_in_doubt: bool,
        /// Until when Looker asked this copy to wait, if it did.
        pause: Option<Timestamp>,
    },
    /// There are new tokens.
    Renewed(News),
    /// Looker ended the session.
    Ended {
        /// How often the tokens that it refused were renewed.
        generation: u64,
        /// Why.
        ending: Ending,
    },
    /// The person signed out.
    SignedOut,
}

impl Message {
    /// As JSON.
    pub fn to_json(&self) -> String {
        let say = |what| ObjectWriter::new().text("say", what);
        match self {
            Self::Opened => say("opened"),
            Self::Ask { ask, generation } => say("ask").number("ask", *ask).number("generation", *generation),
            Self::Answer { ask, news, is_in_doubt, pause } => {
                let answer = say("answer").number("ask", *ask).flag("in_doubt", *is_in_doubt);
                let answer = match pause {
                    Some(until) => answer.number("pause", until.as_millis()),
                    None => answer,
                };
                match news {
                    Some(news) => write(answer, news),
                    None => answer,
                }
            }
            Self::Renewed(news) => write(say("renewed"), news),
            Self::Ended { generation, ending } => {
                say("ended").number("generation", *generation).text("ending", ending.name())
            }
            Self::SignedOut => say("signed_out"),
        }
        .finish()
    }

    /// Reads what [`to_json`](Self::to_json) wrote; nothing where it is anything else.
    pub fn from_json(json: &Json) -> Option<Self> {
        let number = |name| json.whole_number(name).ok();
        Some(match json.text("say").ok()? {
            "opened" => Self::Opened,
            "ask" => Self::Ask { ask: number("ask")?, generation: number("generation")? },
            "answer" => {
                // Without tokens there is nothing newer; broken ones are no answer.
                let news = if number("generation").is_some() { Some(read(json)?) } else { None };
                let is_in_doubt = json.optional_flag("in_doubt").ok()?.unwrap_or(false);
                let pause = number("pause").map(Timestamp::from_millis);
                Self::Answer { ask: number("ask")?, news, is_in_doubt, pause }
            }
            "renewed" => Self::Renewed(read(json)?),
            "ended" => {
                Self::Ended { generation: number("generation")?, ending: Ending::named(json.text("ending").ok()?)? }
            }
            "signed_out" => Self::SignedOut,
            _ => return None,
        })
    }
}

fn write(json: ObjectWriter, news: &News) -> ObjectWriter {
    json.number("generation", news.generation).object("access_info", news.access_info.to_object())
}

fn read(json: &Json) -> Option<News> {
    Some(News {
        generation: json.whole_number("generation").ok()?,
        access_info: AccessInfo::from_json(json.get("access_info")?).ok()?,
    })
}
