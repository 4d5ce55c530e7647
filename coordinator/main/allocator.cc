// How jemalloc, which rookeryd is linked with, manages its memory (docs/adr/0005-allocator.md).
//
// Pages that were freed go back to the system after a second, by a thread of the allocator's own:
// the core executor frees whole layers of nodes at a time and must not pay for it. Few arenas,
// since one thread makes most of what there is, and each arena keeps free memory of its own.
extern "C" {
// NOLINTNEXTLINE(readability-identifier-naming): the name that jemalloc looks for.
extern const char* malloc_conf;
const char* malloc_conf =
    "background_thread:true,narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0,metadata_thp:auto";
}
