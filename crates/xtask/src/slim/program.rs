//! A module and its glue, made smaller hand in hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::bundle::{self, Form};
use super::glue::{self, Imports};
use super::kept::Kept;
use super::wasm::Module;
use super::{names, read, stem, strange, write};
use crate::place;
use crate::process::{self, Run};
use crate::setup::Tools;
use crate::trouble::Trouble;

/// A module and its glue, in files.
#[derive(Debug)]
pub struct Program<'a> {
    /// Where both are.
    pub folder: &'a Path,
    /// The name of the glue's file.
    pub glue: String,
    /// The name of the module's file.
    pub wasm: String,
}

/// Takes out what cannot be reached: quick.
const SWEEP: &[&str] = &["--remove-unused-module-elements"];
/// Makes what is left as small as can be.
const SHRINK: &[&str] = &["--flatten", "--rereloop", "-Oz", "-Oz"];

impl Program<'_> {
    /// Gives the smaller module, and puts the glue that fits it in the place of the other; the bundler still has
    /// to take out of it what is not used.
    pub fn slim(&self, tools: &Tools) -> Result<Vec<u8>, Trouble> {
        let text = read(&self.folder.join(&self.glue))?;
        let entry = bundle::entry(&self.glue, &glue::wanted_exports(&text));
        self.put_glue(&glue::with_hints(&text))?;
        // The second time finds what the first one has laid open.
        for round in 0..2 {
            self.sweep(tools, &entry)?;
            self.shrink(tools, round)?;
        }
        self.sweep(tools, &entry)?;
        self.rename()
    }

    /// Until neither half has anything that the other doesn't use.
    fn sweep(&self, tools: &Tools, entry: &str) -> Result<(), Trouble> {
        loop {
            let kept = bundle::script(tools, self.folder, entry, Form::Legible)?;
            let mut module = self.module()?;
            module.export_only(&glue::uses(&kept));
            self.put_module(&module)?;
            self.optimise(tools, SWEEP)?;
            let module = self.module()?;
            let wanted: BTreeSet<String> = module.imports().iter().map(|import| import.name.clone()).collect();
            let mut imports = self.imports()?;
            if !imports.keep_only(&wanted) {
                return Ok(());
            }
            self.put_glue(&imports.text())?;
        }
    }

    /// Short names for what the halves call each other by.
    fn rename(&self) -> Result<Vec<u8>, Trouble> {
        let mut module = self.module()?;
        let mut imports = self.imports()?;
        let given = names::short(module.exports().iter().map(|export| export.name.as_str()));
        let ours = |name: &str| imports.has(name);
        let wanted = names::short(module.imports().iter().map(|import| import.name.as_str()).filter(|name| ours(name)));
        let host = module.imports().iter().find(|import| ours(&import.name)).map(|import| import.module.clone());
        let host = host.ok_or_else(|| self.strange("nothing that the module imports is in it"))?;
        if let Some(other) = module.imports().iter().find(|import| import.module == host && !ours(&import.name)) {
            return Err(self.strange(&format!("the module imports `{}`, which it does not have", other.name)));
        }
        for import in module.imports_mut().iter_mut().filter(|import| import.module == host) {
            import.module = HOST.into();
            new_name(&mut import.name, &wanted);
        }
        for export in module.exports_mut() {
            new_name(&mut export.name, &given);
        }
        module.drop_custom_sections();
        imports.rename(&wanted);
        let text = imports.text();
        let (quoted, short) = (format!("\"{host}\": import0"), format!("\"{HOST}\": import0"));
        if text.matches(&quoted).count() != 1 {
            return Err(self.strange(&format!("it does not say once what `{host}` is")));
        }
        self.put_glue(&glue::with_uses_renamed(&text.replace(&quoted, &short), &given))?;
        Ok(module.bytes())
    }

    /// As small as can be. This takes the better part of a build, so what it makes is kept.
    fn shrink(&self, tools: &Tools, round: u8) -> Result<(), Trouble> {
        let path = self.folder.join(&self.wasm);
        let before = fs::read(&path).map_err(Trouble::file(&path))?;
        let mut version = tools.command("wasm-opt");
        version.arg("--version");
        let Some(version) = process::ask(version) else { return self.optimise(tools, SHRINK) };
        let of = [version.as_bytes(), SHRINK.join(" ").as_bytes(), &before].concat();
        let kept = Kept::named(&format!("{}.{round}", stem(&self.wasm)));
        if let Some(shrunk) = kept.made_of(&of) {
            return write(&path, &shrunk);
        }
        self.optimise(tools, SHRINK)?;
        kept.keep(&of, &fs::read(&path).map_err(Trouble::file(&path))?)
    }

    fn optimise(&self, tools: &Tools, passes: &[&str]) -> Result<(), Trouble> {
        let path = self.folder.join(&self.wasm);
        let mut wasm_opt = tools.command("wasm-opt");
        // Which features it may use is said in the module.
        wasm_opt.args(passes).arg(&path).arg("-o").arg(&path);
        Run {
            doing: &format!("Making {} smaller", self.wasm),
            log: place::log("slim-wasm-opt")?,
            lines: 40,
            remedy: String::new(),
            limit_minutes: 15,
        }
        .run(wasm_opt)
    }

    fn module(&self) -> Result<Module, Trouble> {
        let path = self.folder.join(&self.wasm);
        let bytes = fs::read(&path).map_err(Trouble::file(path))?;
        Module::read(&bytes).ok_or_else(|| {
            strange(
                &self.wasm,
                "its imports and exports are of a kind not known here",
                "Mend crates/xtask/src/slim/wasm.rs.",
            )
        })
    }

    fn put_module(&self, module: &Module) -> Result<(), Trouble> {
        write(&self.folder.join(&self.wasm), &module.bytes())
    }

    fn imports(&self) -> Result<Imports, Trouble> {
        let text = read(&self.folder.join(&self.glue))?;
        Imports::of(&text).ok_or_else(|| self.strange("it has not the form that wasm-bindgen used to give it"))
    }

    fn put_glue(&self, text: &str) -> Result<(), Trouble> {
        write(&self.folder.join(&self.glue), text.as_bytes())
    }

    fn strange(&self, why: &str) -> Trouble {
        strange(&self.glue, why, "wasm-bindgen's glue has changed: mend crates/xtask/src/slim/glue.rs.")
    }
}

/// What the module calls its host.
const HOST: &str = "_";

fn new_name(name: &mut String, names: &BTreeMap<String, String>) {
    if let Some(new) = names.get(name) {
        name.clone_from(new);
    }
}
