// The end of the page's glue, in which `wasm` is what the page's own wasm exports: loads the rest.
const import1 = {
    async __wasm_split_load_rest(callback, data) {
        let loaded = false;
        try {
            const answer = await fetch(new URL('REST_FILE', import.meta.url));
            if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
            await WebAssembly.instantiate(await answer.arrayBuffer(), { __wasm_split: wasm });
            loaded = true;
        } catch (error) {
            // A page that is being left has no time to say that something was not loaded to its end.
            setTimeout(console.error, 1000, error);
        }
        wasm.__indirect_function_table.get(callback)(data, loaded);
    },
};
