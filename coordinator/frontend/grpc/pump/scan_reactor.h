// Scan: a subtree as it stood at one zxid, read beside the core.
#pragma once

#include "coordinator/frontend/grpc/pump/unary.h"

namespace rookery::frontend {

// What is returned owns itself.
grpc::ServerWriteReactor<v1::ScanResponse>* NewScanReactor(grpc::CallbackServerContext* call,
                                                           const v1::ScanRequest& request,
                                                           const UnaryContext& door,
                                                           BackgroundExecutor* scans);

}  // namespace rookery::frontend
