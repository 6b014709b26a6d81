#pragma once

#include "capture/base/json_writer.hpp"
#include "coord/notify/notification.hpp"

namespace cresset::coord::api::notify {

/// A notification as `openapi/notify.json` describes it; with its text when it was read whole.
void write(json_writer& json, const coord::notify::notification& n, bool with_text,
           const std::string& answer_link);
void write(json_writer& json, const coord::notify::notification_repository::affected& owner);

} // namespace cresset::coord::api::notify
