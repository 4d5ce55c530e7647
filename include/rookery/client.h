// The client library of Rookery: one session over ZooKeeper's protocol or gRPC, asynchronous
// (rookery::client::Client) or for code that may wait (rookery::client::BlockingClient).
// docs/client.md tells how to begin. What stands in this folder is public; the headers that it
// includes come along and may move.
#pragma once

#include "coordinator/client/blocking.h"                // IWYU pragma: export
#include "coordinator/client/client.h"                  // IWYU pragma: export
#include "coordinator/client/factory/client_factory.h"  // IWYU pragma: export
#include "rookery/version.h"                            // IWYU pragma: export
