#pragma once

#include "capture/base/json_writer.hpp"
#include "coord/api/json_input.hpp"
#include "coord/segment/segment_repository.hpp"

namespace cresset::coord::api::segment {

/// The API's words for the registry: each appends one JSON object as `openapi/segment.json`
/// describes it.
void write(json_writer& json, const coord::segment::record& r);
void write(json_writer& json, const coord::segment::kept_record& r);
void write(json_writer& json, const coord::segment::change_set& c);
/// Members of an object that is open: what an import or a change did, at most `limit` records of
/// each sort.
void write_difference(json_writer& json, const coord::segment::difference& what, std::size_t limit);

/// Reads the record of a body; mistakes are noted in `in`.
coord::segment::record read_record(json_input& in);

} // namespace cresset::coord::api::segment
