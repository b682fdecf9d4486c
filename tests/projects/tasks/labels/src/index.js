export { parcelLabel } from "./parcel.js";
