// Coroutines: see coordinator/base/coroutine.
#pragma once

#include "coordinator/base/coroutine/async.h"
