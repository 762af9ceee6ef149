//! A browser, driven by WebDriver (<https://www.w3.org/TR/webdriver2/>).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::PATIENCE;

/// Chromium without a window. Ends with its driver.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// `None`, said loudly, where there is none: unless `REQUIRE_BROWSER` is set, as it is in
    /// `.ci/run`, which installs one.
    pub(crate) fn open() -> Option<Self> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut driver = match driver {
            Ok(driver) => driver,
            Err(error) => {
                assert!(
                    std::env::var_os("REQUIRE_BROWSER").is_none(),
                    "chromedriver: {error}"
                );
                eprintln!("SKIPPED: chromedriver ({error}); Debian has it in chromium-driver");
                return None;
            }
        };
        let mut said = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = said.find_map(|line| {
            let line = line.unwrap();
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        std::thread::spawn(move || said.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            driver,
            port: port.expect("a port"),
            session: String::new(),
            _profile: profile,
        };
        let folder = format!("--user-data-dir={}", browser._profile.path().display());
        // The sandbox is none of a container's root; a container's shared memory is small.
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            &folder,
        ];
        let options = json!({"args": args});
        let wanted =
            json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}});
        let made = browser.call(
            "POST",
            "",
            &json!({"capabilities": {"alwaysMatch": wanted}}),
        );
        browser.session = format!("/{}", made["sessionId"].as_str().expect("a session"));
        Some(browser)
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE * 2)).unwrap();
        let body = if method == "POST" {
            body.to_string()
        } else {
            String::new()
        };
        let (session, length) = (&self.session, body.len());
        write!(
            stream,
            "{method} /session{session}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let (mut line, mut length) = (String::new(), 0);
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer).unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert!(
            answer["value"]["error"].is_null(),
            "{method} {path}: {answer}"
        );
        answer["value"].clone()
    }

    pub(crate) fn go(&self, url: &str) {
        self.call("POST", "/url", &json!({"url": url}));
    }

    /// What `script` returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.call(
            "POST",
            "/execute/sync",
            &json!({"script": script, "args": []}),
        )
    }

    /// A command of the browser's own protocol.
    pub(crate) fn command(&self, name: &str, params: &Value) -> Value {
        self.call(
            "POST",
            "/goog/cdp/execute",
            &json!({"cmd": name, "params": params}),
        )
    }

    pub(crate) fn look(&self, width: u32, theme: &str) {
        let size =
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500});
        self.command("Emulation.setDeviceMetricsOverride", &size);
        let theme = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        self.command("Emulation.setEmulatedMedia", &theme);
    }

    /// What the page was refused, and what went wrong in it.
    pub(crate) fn complaints(&self) -> Vec<Value> {
        let all = self.call("POST", "/se/log", &json!({"type": "browser"}));
        all.as_array().cloned().unwrap_or_default()
    }

    /// What axe-core (<https://github.com/dequelabs/axe-core>) finds wrong with the page: the
    /// rule, and where. Beside it, what it could not decide.
    pub(crate) fn audit(&self, axe: &str) -> (Vec<String>, Vec<String>) {
        self.run(axe);
        let script = r#"
            const done = arguments[0];
            const told = rules => rules.flatMap(rule => rule.nodes.map(node =>
                `${rule.id}: ${node.target.join(" ")}: ${node.any.concat(node.all, node.none).map(check => check.message).join("; ")}`));
            axe.run(document, { resultTypes: ["violations", "incomplete"] })
                .then(found => done([told(found.violations), told(found.incomplete)]), error => done([[String(error)], []]));
        "#;
        let script = json!({"script": script, "args": []});
        let found = self.call("POST", "/execute/async", &script);
        let texts = |of: &Value| {
            let texts = of.as_array().unwrap().iter();
            texts
                .map(|text| text.as_str().unwrap().to_owned())
                .collect()
        };
        (texts(&found[0]), texts(&found[1]))
    }

    /// A picture of the whole page, where `SCREENSHOTS` names a folder for it.
    pub(crate) fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("SCREENSHOTS") {
            let png = self.png(&json!({"captureBeyondViewport": true}));
            std::fs::write(Path::new(&folder).join(format!("{name}.png")), png).unwrap();
        }
    }

    /// A picture.
    pub(crate) fn png(&self, how: &Value) -> Vec<u8> {
        let picture = self.command("Page.captureScreenshot", how);
        let text = picture["data"].as_str().unwrap();
        BASE64_STANDARD.decode(text).unwrap()
    }
}

/// The text of axe-core, the file that `AXE_CORE` names. `None`, said loudly, where it names
/// none: unless `REQUIRE_BROWSER` is set.
pub(crate) fn axe() -> Option<String> {
    if let Some(path) = std::env::var_os("AXE_CORE") {
        return Some(std::fs::read_to_string(path).unwrap());
    }
    assert!(
        std::env::var_os("REQUIRE_BROWSER").is_none(),
        "AXE_CORE names no file"
    );
    eprintln!("SKIPPED: the audit by axe-core: AXE_CORE is to name its axe.min.js");
    None
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !std::thread::panicking() {
            self.call("DELETE", "", &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
