//! The engine's log lines, handed to the callback of rc_config.
use std::os::raw::{c_char, c_void};

pub struct LogDrain {
    pub f: extern "C" fn(*mut c_void, u32, *const c_char, usize),
    pub ctx: *mut c_void,
    pub level: usize,
}
unsafe impl Send for LogDrain {}
unsafe impl Sync for LogDrain {}
impl std::panic::UnwindSafe for LogDrain {}
impl std::panic::RefUnwindSafe for LogDrain {}
impl slog::Drain for LogDrain {
    type Ok = ();
    type Err = slog::Never;
    fn log(&self, r: &slog::Record, _: &slog::OwnedKVList) -> Result<(), slog::Never> {
        if r.level().as_usize() <= self.level {
            let mut s = format!("{}", r.msg());
            struct Kv<'a>(&'a mut String);
            impl slog::Serializer for Kv<'_> {
                fn emit_arguments(
                    &mut self,
                    k: slog::Key,
                    v: &std::fmt::Arguments,
                ) -> slog::Result {
                    self.0.push_str(&format!(" {}={}", k, v));
                    Ok(())
                }
            }
            use slog::KV;
            let _ = r.kv().serialize(r, &mut Kv(&mut s));
            (self.f)(
                self.ctx,
                r.level().as_usize() as u32,
                s.as_ptr() as *const c_char,
                s.len(),
            );
        }
        Ok(())
    }
}
