//! `irefuda-station`: makes a kiosk's key and its `station.toml` (conventions D10).
//!
//! Run once on the kiosk. The public part goes to the registrars' table of stations.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use crypto::schnorr::SigningKey;
use host::exit::Exit;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;

const NAME: &str = "irefuda-station";

/// Makes a kiosk's key.
#[derive(Parser)]
#[command(name = NAME, version)]
struct Arguments {
    /// Folder for station.key, station.toml and public.json.
    #[arg(long)]
    out: PathBuf,
    /// Id in the registrars' table.
    #[arg(long)]
    id: String,
    /// Where the kiosk is.
    #[arg(long, value_parser = ["counter", "venue"])]
    channel: String,
    /// File whose first line seals the key.
    #[arg(long)]
    passphrase_file: PathBuf,
    /// Cheap key derivation, for passphrases with 128 random bits.
    #[arg(long)]
    light: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let made = host::harden().map_err(|error| error.to_string());
    match made.and_then(|()| make(&arguments)) {
        Ok(key) => {
            let _closed = writeln!(std::io::stdout(), "{key}");
            Exit::Ok.into()
        }
        Err(why) => Exit::Usage.with_message(NAME, &why),
    }
}

/// Makes key and files; a second call changes nothing.
fn make(arguments: &Arguments) -> Result<String, String> {
    let named = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("{path}: {error}")
    };
    let out = &arguments.out;
    std::fs::create_dir_all(out).map_err(named(out))?;
    let out = out.canonicalize().map_err(named(out))?;
    let secret = arguments.passphrase_file.canonicalize();
    let secret = secret.map_err(named(&arguments.passphrase_file))?;
    let passphrase = Passphrase::from_file(&secret).map_err(|e| e.to_string())?;
    let file = out.join("station.key");
    let key = if file.exists() {
        let bytes = keyfile::read(&file, "SCHNORR", &passphrase).map_err(|e| e.to_string())?;
        let bytes: &[u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| "not a station's key")?;
        SigningKey::from_bytes(bytes).ok_or("not a station's key")?
    } else {
        let key = SigningKey::generate(&mut rand::rng());
        let cost = if arguments.light {
            Cost::LIGHT
        } else {
            Cost::STANDARD
        };
        let bytes = key.to_secret_bytes();
        keyfile::write(&file, "SCHNORR", bytes.as_slice(), &passphrase, cost)
            .map_err(|e| e.to_string())?;
        key
    };
    let (id, channel) = (&arguments.id, &arguments.channel);
    let public = key.public().to_hex();
    let about = serde_json::json!({ "id": id, "channel": channel, "key": public });
    let text = format!(
        "id = {}\nchannel = {}\nkey_file = \"station.key\"\npassphrase_file = {}\n",
        toml::Value::from(id.as_str()),
        toml::Value::from(channel.as_str()),
        toml::Value::from(secret.display().to_string()),
    );
    let write = |name: &str, text: String| {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(named(&path))
    };
    write("station.toml", text)?;
    write("public.json", about.to_string())?;
    Ok(public)
}
