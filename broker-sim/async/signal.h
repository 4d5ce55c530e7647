// Wakes coroutines: see coordinator/base/coroutine.
#pragma once

#include "coordinator/base/coroutine/signal.h"
