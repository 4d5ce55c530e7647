//! A bug that is planted on purpose (coordinator/base/plant.h); in a build of its own.
use raft::StateRole;

use crate::node::{call, RcNode};
use crate::types::OK;

/// Valid handle. A leader that forgets that entries of older terms are not committed by counting.
#[no_mangle]
pub unsafe extern "C" fn rc_plant_commit_by_counting(n: *mut RcNode) -> i32 {
    unsafe {
        call(n, |n| {
            let raft = &mut n.raw.raft;
            if raft.state == StateRole::Leader {
                let (counted, _) = raft.mut_prs().maximal_committed_index();
                if counted > raft.raft_log.committed {
                    raft.raft_log.commit_to(counted);
                }
            }
            OK
        })
    }
}
