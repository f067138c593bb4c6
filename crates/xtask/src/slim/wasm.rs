//! A WebAssembly module as far as its names go: what it imports and exports, and everything else as bytes.

use std::collections::BTreeSet;

/// The sections of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    imports: Vec<Import>,
    exports: Vec<Export>,
    /// In their order; those of imports and exports are empty here.
    sections: Vec<(u8, Vec<u8>)>,
}

/// Something that a module wants from its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// By whom it is given.
    pub module: String,
    /// What it is called there.
    pub name: String,
    /// Its kind and type.
    is: Vec<u8>,
}

/// Something that a module gives to its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// What it is called.
    pub name: String,
    /// Its kind and index.
    is: Vec<u8>,
}

const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

impl Module {
    /// Out of a file's bytes.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut at = Reader(bytes.strip_prefix(&HEADER)?);
        let mut module = Self { imports: Vec::new(), exports: Vec::new(), sections: Vec::new() };
        while !at.0.is_empty() {
            let kind = at.byte()?;
            let length = at.number()?;
            let content = at.bytes(length)?;
            let kept = match kind {
                IMPORTS => {
                    module.imports = Reader(content).list(Reader::import)?;
                    &[]
                }
                EXPORTS => {
                    module.exports = Reader(content).list(Reader::export)?;
                    &[]
                }
                _ => content,
            };
            module.sections.push((kind, kept.to_vec()));
        }
        Some(module)
    }

    /// As a file's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = HEADER.to_vec();
        for (kind, content) in &self.sections {
            let content = match *kind {
                IMPORTS => list(&self.imports, |import, out| {
                    put_name(&import.module, out);
                    put_name(&import.name, out);
                    out.extend_from_slice(&import.is);
                }),
                EXPORTS => list(&self.exports, |export, out| {
                    put_name(&export.name, out);
                    out.extend_from_slice(&export.is);
                }),
                _ => content.clone(),
            };
            out.push(*kind);
            put_number(content.len(), &mut out);
            out.extend_from_slice(&content);
        }
        out
    }

    /// What it wants.
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// What it gives.
    pub fn exports(&self) -> &[Export] {
        &self.exports
    }

    /// The same for giving other names to what it wants.
    pub fn imports_mut(&mut self) -> &mut [Import] {
        &mut self.imports
    }

    /// The same for giving other names to what it gives.
    pub fn exports_mut(&mut self) -> &mut [Export] {
        &mut self.exports
    }

    /// Gives nothing any more but this.
    pub fn export_only(&mut self, used: &BTreeSet<String>) {
        self.exports.retain(|export| used.contains(&export.name));
    }

    /// Leaves out what only tools read: names of functions, who made it, which features it uses.
    pub fn drop_custom_sections(&mut self) {
        self.sections.retain(|(kind, _)| *kind != CUSTOM);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// LEB128, unsigned.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn name(&mut self) -> Option<String> {
        let length = self.number()?;
        String::from_utf8(self.bytes(length)?.to_vec()).ok()
    }

    fn list<T>(mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(item(&mut self)?);
        }
        self.0.is_empty().then_some(items)
    }

    fn import(&mut self) -> Option<Import> {
        let (module, name) = (self.name()?, self.name()?);
        let before = self.0;
        match self.byte()? {
            // A function and its type.
            0 => drop(self.number()?),
            // A table: type of reference, limits.
            1 => {
                self.byte()?;
                self.limits()?;
            }
            // Memory.
            2 => self.limits()?,
            // A global: type, whether it changes.
            3 => drop(self.bytes(2)?),
            _ => return None,
        }
        let is = before.get(..before.len() - self.0.len())?.to_vec();
        Some(Import { module, name, is })
    }

    fn limits(&mut self) -> Option<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Some(())
    }

    fn export(&mut self) -> Option<Export> {
        let name = self.name()?;
        let before = self.0;
        self.byte()?;
        self.number()?;
        let is = before.get(..before.len() - self.0.len())?.to_vec();
        Some(Export { name, is })
    }
}

fn list<T>(items: &[T], put: impl Fn(&T, &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(items.len(), &mut out);
    for item in items {
        put(item, &mut out);
    }
    out
}

fn put_name(name: &str, out: &mut Vec<u8>) {
    put_number(name.len(), out);
    out.extend_from_slice(name.as_bytes());
}

fn put_number(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: u8, content: &[&[u8]]) -> Vec<u8> {
        let content = content.concat();
        let mut out = vec![kind];
        put_number(content.len(), &mut out);
        out.extend(content);
        out
    }

    fn module() -> Vec<u8> {
        [
            HEADER.to_vec(),
            section(1, &[b"\x01\x60\0\0"]),
            section(
                IMPORTS,
                &[
                    b"\x04",
                    b"\x01m\x04call\x00\x81\x01", // a function of type 129
                    b"\x01m\x05table\x01\x70\x01\x01\x02",
                    b"\x01m\x06memory\x02\x00\x10",
                    b"\x01m\x06global\x03\x7f\x01",
                ],
            ),
            section(EXPORTS, &[b"\x02", b"\x05start\x00\x00", b"\x04free\x00\x01"]),
            section(CUSTOM, &[b"\x04name", &[1; 200]]),
        ]
        .concat()
    }

    #[test]
    fn what_is_read_is_written_again() {
        let bytes = module();
        let module = Module::read(&bytes).unwrap();
        let names: Vec<&str> = module.imports().iter().map(|import| import.name.as_str()).collect();
        assert_eq!(names, ["call", "table", "memory", "global"]);
        let names: Vec<&str> = module.exports().iter().map(|export| export.name.as_str()).collect();
        assert_eq!(names, ["start", "free"]);
        assert_eq!(module.bytes(), bytes);
    }

    #[test]
    fn what_is_no_longer_wanted_goes_and_the_rest_stays() {
        let mut module = Module::read(&module()).unwrap();
        module.export_only(&["start".to_owned(), "memory".to_owned()].into());
        module.imports_mut()[0].name = "a".into();
        module.exports_mut()[0].name = "b".into();
        module.drop_custom_sections();
        let bytes = module.bytes();
        assert_eq!(Module::read(&bytes), Some(module));
        assert!(bytes.ends_with(b"\x07\x05\x01\x01b\x00\x00"));
    }

    #[test]
    fn what_is_no_module_is_not_read() {
        let whole = module();
        for length in [0, 4, 7, 9, 12, 20, whole.len() - 1] {
            assert_eq!(Module::read(&whole[..length]), None, "{length}");
        }
        let strange = [HEADER.to_vec(), section(IMPORTS, &[b"\x01\x01m\x01x\x09\x00"])].concat();
        assert_eq!(Module::read(&strange), None);
    }

    #[test]
    fn numbers_have_as_many_bytes_as_they_need() {
        for (number, expected) in
            [(0, &[0][..]), (127, &[127]), (128, &[128, 1]), (300, &[172, 2]), (1_000_000, &[192, 132, 61])]
        {
            let mut out = Vec::new();
            put_number(number, &mut out);
            assert_eq!(out, expected);
            assert_eq!(Reader(&out).number(), Some(number));
        }
        assert_eq!(Reader(&[128]).number(), None);
        assert_eq!(Reader(&[255; 9]).number(), None);
    }
}
