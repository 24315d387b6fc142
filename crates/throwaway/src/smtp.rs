//! A mail server that keeps what it is given, and can be in a bad mood.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// A running server. It speaks as much of RFC 5321 as clients need.
#[derive(Debug)]
pub struct Smtp {
    address: SocketAddr,
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
    is_over: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    letters: Vec<Posted>,
    mood: SmtpMood,
    connections: usize,
}

/// A letter that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub from: String,
    pub to: Vec<String>,
    /// As it came, headers and body, with `\n` at the end of each line.
    pub text: String,
}

/// How the server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SmtpMood {
    #[default]
    Takes,
    /// Closes each connection at once.
    Closes,
    /// Says nothing until the mood changes, and then closes.
    Hangs,
    /// Answers each line a little later.
    Slow,
    /// Cannot take anything just now (451).
    Busy,
    /// Will never take anything (550).
    Rejects,
    /// Takes a letter, and closes without saying so.
    TakesInSilence,
}

impl Smtp {
    pub fn start() -> Result<Self, String> {
        let told = |cause: io::Error| format!("starting a mail server: {cause}");
        let listener = TcpListener::bind("127.0.0.1:0").map_err(told)?;
        let address = listener.local_addr().map_err(told)?;
        let inner = Arc::new(Inner {
            state: Mutex::default(),
            changed: Condvar::new(),
            is_over: AtomicBool::new(false),
        });
        let serving = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let inner = Arc::clone(&serving);
                // What goes wrong on a connection is the client's to notice.
                thread::spawn(move || drop(inner.converse(stream)));
            }
        });
        Ok(Self { address, inner })
    }

    /// `smtp://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn set_mood(&self, mood: SmtpMood) {
        self.inner.state().mood = mood;
        self.inner.changed.notify_all();
    }

    /// Every letter that was taken so far.
    pub fn letters(&self) -> Vec<Posted> {
        self.inner.state().letters.clone()
    }

    /// Waits until so many letters were taken, and gives them; fails after a minute.
    pub fn wait_for(&self, letters: usize) -> Result<Vec<Posted>, String> {
        let state = self.wait_until(|state| state.letters.len() >= letters)?;
        Ok(state.letters.clone())
    }

    /// Waits until so many connections were made; fails after a minute.
    pub fn wait_for_connections(&self, connections: usize) -> Result<(), String> {
        self.wait_until(|state| state.connections >= connections).map(|_| ())
    }

    fn wait_until(&self, is_so: impl Fn(&State) -> bool) -> Result<MutexGuard<'_, State>, String> {
        let state = self.inner.state();
        let waited = self
            .inner
            .changed
            .wait_timeout_while(state, Duration::from_secs(60), |state| !is_so(state))
            .unwrap_or_else(|gone| gone.into_inner());
        if waited.1.timed_out() {
            return Err(format!("the mail server was waited for in vain: {:?}", waited.0));
        }
        Ok(waited.0)
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.inner.is_over.store(true, Ordering::SeqCst);
        self.set_mood(SmtpMood::Closes);
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect(self.address));
    }
}

const SLOW: Duration = Duration::from_millis(50);

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|gone| gone.into_inner())
    }

    fn mood(&self) -> SmtpMood {
        self.state().mood
    }

    fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        self.state().connections += 1;
        self.changed.notify_all();
        match self.mood() {
            SmtpMood::Closes => return Ok(()),
            SmtpMood::Hangs => {
                let hangs = |state: &mut State| state.mood == SmtpMood::Hangs;
                drop(self.changed.wait_while(self.state(), hangs));
                return Ok(());
            }
            _ => {}
        }
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let mut letter = Posted { from: String::new(), to: Vec::new(), text: String::new() };
        writeln!(stream, "220 here\r")?;
        while let Some(line) = lines.next() {
            let line = line?;
            if self.mood() == SmtpMood::Slow {
                thread::sleep(SLOW);
            }
            let (word, rest) = line.split_at(line.find([' ', ':']).unwrap_or(line.len()));
            let address = || rest.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            match (&*word.to_ascii_uppercase(), self.mood()) {
                ("EHLO" | "HELO", _) => write!(stream, "250-here\r\n250 AUTH PLAIN LOGIN\r\n")?,
                ("AUTH", _) => writeln!(stream, "235 welcome\r")?,
                ("MAIL", SmtpMood::Busy) => writeln!(stream, "451 come back later\r")?,
                ("MAIL", SmtpMood::Rejects) => writeln!(stream, "550 never\r")?,
                ("MAIL", _) => {
                    letter.from = address();
                    writeln!(stream, "250 good\r")?;
                }
                ("RCPT", _) => {
                    letter.to.push(address());
                    writeln!(stream, "250 good\r")?;
                }
                ("DATA", _) => {
                    writeln!(stream, "354 go on\r")?;
                    letter.text = text(&mut lines)?;
                    self.state().letters.push(letter.clone());
                    self.changed.notify_all();
                    if self.mood() == SmtpMood::TakesInSilence {
                        return Ok(());
                    }
                    letter.to.clear();
                    writeln!(stream, "250 taken\r")?;
                }
                ("QUIT", _) => return writeln!(stream, "221 bye\r"),
                _ => writeln!(stream, "250 good\r")?,
            }
        }
        Ok(())
    }
}

/// Lines up to the one that is a dot; a dot more at the beginning of a line is taken away.
fn text(lines: &mut impl Iterator<Item = io::Result<String>>) -> io::Result<String> {
    let mut text = String::new();
    for line in lines {
        let line = line?;
        if line == "." {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
    Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a letter without an end"))
}
