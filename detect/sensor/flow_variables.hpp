#pragma once

#include "detect/inspect/flow_record.hpp"
#include "detect/inspect/subject.hpp"

#include <string>

namespace cresset::detect::sensor {

/// The members of an event's `metadata`: what rules have set on the flow, and taken along from the
/// packet. Empty when there is nothing; both may be null.
std::string metadata_members(const inspect::flow_record* flow, const inspect::named_texts* packet);

/// The member `"traffic":{…}` of an event: flowbits named `traffic/id/…` and `traffic/label/…`.
/// Empty when there is none.
std::string traffic_member(const inspect::flow_record* flow);

/// Both as members of the event itself; to be called inside an object that has members already.
void append_variables(std::string& line, const inspect::flow_record* flow,
                      const inspect::named_texts* packet);

} // namespace cresset::detect::sensor
