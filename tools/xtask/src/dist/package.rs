//! What lies in a package: the same files for every way of packing one system.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::platform::Platform;
use super::tree::Tree;

/// The face models, in `target/assets/models`.
const MODELS: [&str; 2] = [
    "dlib_face_recognition_resnet_model_v1.dat",
    "shape_predictor_5_face_landmarks.dat",
];
const README: &str = include_str!("files/readme.txt");
const INSTALL: &str = include_str!("files/install.sh");
const DESKTOP: &str = include_str!("files/irefuda.desktop");
const MIME: &str = include_str!("files/irefuda.xml");
/// What a package for demonstrations has for a configuration: the reference model is taken.
const PRACTICE: &str = "[face.policy]\naccept_unvalidated_face_model = true\n";

/// What is packed.
#[derive(Clone, Debug)]
pub struct Package {
    /// The system.
    pub platform: Platform,
    /// `MAJOR.MINOR.PATCH`.
    pub version: String,
    /// For demonstrations.
    pub practice: bool,
    /// Booth, then face worker.
    pub programs: [Vec<u8>; 2],
    /// Models by name.
    pub models: Vec<(String, Vec<u8>)>,
    /// `booth.toml`.
    pub config: String,
    /// Licence and notice, from the workspace's root.
    pub legal: [String; 2],
    /// The picture of the program, SVG.
    pub icon: Vec<u8>,
}

impl Package {
    /// Reads programs from `programs` and everything else from the workspace at `root`.
    ///
    /// # Errors
    /// A file is missing.
    pub fn read(
        platform: Platform,
        root: &Path,
        programs: &Path,
        config: Option<String>,
    ) -> Result<Self> {
        let file = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
        let text =
            |name: &str| fs::read_to_string(root.join(name)).with_context(|| name.to_owned());
        let program = |name: &str| file(&programs.join(platform.executable(name)));
        let models = root.join("target/assets/models");
        let [booth, worker] = super::compile::PROGRAMS;
        Ok(Self {
            platform,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            practice: config.is_none(),
            programs: [program(booth)?, program(worker)?],
            models: MODELS
                .iter()
                .map(|name| Ok(((*name).to_owned(), file(&models.join(name))?)))
                .collect::<Result<_>>()
                .context("`cargo xtask assets` fetches the models")?,
            config: config.unwrap_or_else(|| PRACTICE.to_owned()),
            legal: [text("LICENSE")?, text("NOTICE")?],
            icon: file(&root.join("shared/ui/assets/icon.svg"))?,
        })
    }

    /// `irefuda-booth-VERSION-PLATFORM`, and whether it is for demonstrations.
    pub fn name(&self) -> String {
        let practice = if self.practice { "-practice" } else { "" };
        format!(
            "irefuda-booth-{}-{}{practice}",
            self.version,
            self.platform.name()
        )
    }

    /// What every way of packing has: one folder in which the program finds all it needs.
    fn common(&self, way: &Way) -> Tree {
        let mut tree = Tree::default();
        let [booth, worker] = super::compile::PROGRAMS;
        let [booth, worker] = [booth, worker].map(|name| self.platform.executable(name));
        let [first, second] = &self.programs;
        tree.program(booth, first.as_slice());
        tree.program(worker, second.as_slice());
        for (name, bytes) in &self.models {
            tree.file(format!("models/{name}"), bytes.as_slice());
        }
        tree.file("booth.toml", self.text(&self.config));
        let [licence, notice] = &self.legal;
        let (licence_name, notice_name) = match self.platform {
            Platform::Linux => ("LICENSE", "NOTICE"),
            Platform::Windows => ("LICENSE.txt", "NOTICE.txt"),
        };
        tree.file(licence_name, self.text(licence));
        tree.file(notice_name, self.text(notice));
        tree.file("README.txt", self.text(&self.readme(way)));
        tree
    }

    /// The folder of a portable archive.
    pub fn portable(&self) -> Tree {
        let way = match self.platform {
            Platform::Linux => &TAR,
            Platform::Windows => &ZIP,
        };
        let mut tree = self.common(way);
        if self.platform == Platform::Linux {
            tree.program("install.sh", INSTALL);
            tree.file("share/irefuda.desktop", DESKTOP);
            tree.file("share/irefuda.xml", MIME);
            tree.file("share/irefuda.svg", self.icon.as_slice());
        }
        tree.below(&self.name())
    }

    /// What the installer of Windows unpacks.
    pub fn installed(&self) -> Tree {
        self.common(&SETUP)
    }

    /// The files of a Debian package, from the root of the file system.
    pub fn system(&self) -> Tree {
        let mut tree = self.common(&DEB).below("usr/lib/irefuda");
        let [booth, _] = super::compile::PROGRAMS;
        tree.link(
            format!("usr/bin/{booth}"),
            format!("../lib/irefuda/{booth}"),
        );
        tree.file(
            "usr/share/applications/irefuda.desktop",
            DESKTOP.replace("@EXEC@", booth),
        );
        tree.file("usr/share/mime/packages/irefuda.xml", MIME);
        tree.file(
            "usr/share/icons/hicolor/scalable/apps/irefuda.svg",
            self.icon.as_slice(),
        );
        let [licence, notice] = &self.legal;
        tree.file(
            "usr/share/doc/irefuda/copyright",
            format!("{notice}\n{licence}"),
        );
        tree
    }

    /// Old editors of Windows want a byte order mark and both signs at the end of a line. The
    /// configuration is read by the program alone.
    fn text(&self, text: &str) -> String {
        match self.platform {
            Platform::Linux => text.to_owned(),
            Platform::Windows if text == self.config => text.to_owned(),
            Platform::Windows => format!("\u{feff}{}", text.replace('\n', "\r\n")),
        }
    }

    fn readme(&self, way: &Way) -> String {
        let (ja, en) = if self.practice {
            (
                "\n練習用です。試験用のカードを受け付けます。本当の投票には使えません。",
                "\nFOR PRACTICE: it takes test cards and is of no use for a real vote.",
            )
        } else {
            ("", "")
        };
        let need = match self.platform {
            Platform::Linux => [
                "カードリーダーには pcscd が要ります（Debian・Ubuntu では sudo apt install pcscd）。",
                "The card reader needs pcscd (Debian, Ubuntu: sudo apt install pcscd).",
            ],
            Platform::Windows => [
                "Windows 10 以降（64ビット）で動くように作りました。実際の Windows では、まだ試していません。",
                "Made for Windows 10 and later (64 bit). It was never tried on a real Windows.",
            ],
        };
        let check = match self.platform {
            Platform::Linux => "sha256sum -c --ignore-missing SHA256SUMS",
            Platform::Windows => "certutil -hashfile FILE SHA256",
        };
        let [open_ja, open_en] = way.open;
        let [remove_ja, remove_en] = way.remove;
        let [need_ja, need_en] = need;
        README
            .replace("@VERSION@", &self.version)
            .replace("@PLATFORM@", self.platform.name())
            .replace("@PRACTICE_JA@", ja)
            .replace("@PRACTICE_EN@", en)
            .replace("@OPEN_JA@", open_ja)
            .replace("@OPEN_EN@", open_en)
            .replace("@NEED_JA@", need_ja)
            .replace("@NEED_EN@", need_en)
            .replace("@REMOVE_JA@", remove_ja)
            .replace("@REMOVE_EN@", remove_en)
            .replace("@CHECK@", check)
    }
}

/// How a package is used and removed, in Japanese and English.
struct Way {
    open: [&'static str; 2],
    remove: [&'static str; 2],
}

const TAR: Way = Way {
    open: [
        "端末で ./install.sh を一度実行してから、そのファイルを開きます（入れずに使うなら ./irefuda-booth ファイル名）。",
        "Run ./install.sh once and open the file (or, without installing: ./irefuda-booth FILE).",
    ],
    remove: ["./install.sh --remove", "./install.sh --remove"],
};
const DEB: Way = Way {
    open: ["そのファイルを開きます。", "Open the file."],
    remove: ["sudo apt remove irefuda", "sudo apt remove irefuda"],
};
const ZIP: Way = Way {
    open: [
        "zip を全部展開し、そのファイルを irefuda-booth.exe の上に引いて放します。",
        "Extract the whole zip and drop the file on irefuda-booth.exe.",
    ],
    remove: [
        "展開したフォルダーを消してください。",
        "delete the folder that you extracted.",
    ],
};
const SETUP: Way = Way {
    open: ["そのファイルを開きます。", "Open the file."],
    remove: [
        "Windows の設定の「アプリ」で「入れ札 投票プログラム」を選び、アンインストールしてください。",
        "Settings, Apps, 入れ札 投票プログラム, Uninstall.",
    ],
};
