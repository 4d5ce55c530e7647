#include "coordinator/client/recipes/configuration/subscription.h"

namespace rookery::client::recipes {

// The commonest value, compiled here so that mistakes in the template show in this library.
template class Subscription<std::string>;

}  // namespace rookery::client::recipes
