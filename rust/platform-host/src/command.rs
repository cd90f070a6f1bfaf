//! A WASI program whose arguments, environment and directories are not its manifest's.

/// What a program is given by who starts it, in place of its manifest.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// Its arguments; the first is its name.
    pub args: Vec<String>,
    /// Its environment, each as `NAME=value`.
    pub env: Vec<String>,
    /// Directories, each as `GUEST=BOARD`.
    pub dirs: Vec<String>,
    /// Directories that it may only read, likewise.
    pub read_only: Vec<String>,
}
